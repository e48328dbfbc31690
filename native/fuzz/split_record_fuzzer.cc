#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "../src/core/keep_filter.h"
#include "../src/core/record.h"

namespace {

void Require(bool condition) {
  if (!condition) abort();
}

using Rule = kmsg::KeepFilter::Rule;

/** The filter, and the same rules in the plainest words. */
bool Keeps(const kmsg::Record& record) {
  static const kmsg::KeepFilter filter({{"Killed process ", Rule::At::kStart, true},
                                        {"Ki", Rule::At::kStart, false},
                                        {"\\x0a", Rule::At::kAnywhere, false},
                                        {"nm", Rule::At::kAnywhere, true}},
                                       true);
  return filter.Keeps(record);
}

bool PlainlyKeeps(const kmsg::Record& record) {
  const bool kernel = record.priority < 8;
  return (kernel && record.flag != '-' && record.flag != 0) ||
         (kernel && record.text.substr(0, 15) == "Killed process ") ||
         record.text.substr(0, 2) == "Ki" || record.text.find("\\x0a") != std::string_view::npos ||
         (kernel && record.text.find("nm") != std::string_view::npos);
}

}  // namespace

/** Whatever the bytes: no access outside them, and parts that lie within the record and say what
 * its prefix says. */
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  kmsg::Record record;
  if (!kmsg::SplitRecord(bytes, &record)) return 0;
  Require(record.whole == bytes);
  Require(record.priority <= 2047);
  Require(record.text.data() > bytes.data());
  Require(record.text.data() + record.text.size() <= bytes.data() + bytes.size());
  Require(record.text.data()[-1] == ';');
  Require(record.text.find('\n') == std::string_view::npos);
  const std::string_view prefix(bytes.data(),
                                static_cast<size_t>(record.text.data() - bytes.data()));
  Require(prefix.find(';') == prefix.size() - 1);
  Require(record.flag == 0 ||
          prefix.find(static_cast<char>(record.flag)) != std::string_view::npos);
  Require(Keeps(record) == PlainlyKeeps(record));
  return 0;
}
