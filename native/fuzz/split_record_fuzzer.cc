#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "../src/core/keep_filter.h"
#include "../src/core/record.h"

namespace {

void Require(bool condition) {
  if (!condition) abort();
}

const kmsg::KeepFilter& Filter() {
  using Rule = kmsg::KeepFilter::Rule;
  static const kmsg::KeepFilter filter(
      {{"Killed process ", Rule::At::kStart, true}, {"\\x0a", Rule::At::kAnywhere, false}}, true);
  return filter;
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
  Filter().Keeps(record);
  return 0;
}
