#include "keep_filter.h"

#include <string.h>

#include <algorithm>

namespace kmsg {
namespace {

uint8_t FirstByte(std::string_view bytes) { return static_cast<uint8_t>(bytes[0]); }

bool AppliesTo(const KeepFilter::Rule& rule, const Record& record) {
  return !rule.kernel_only || record.from_kernel();
}

}  // namespace

KeepFilter::KeepFilter(std::vector<Rule> rules, bool fragments)
    : everything_(rules.empty()), fragments_(fragments) {
  for (Rule& rule : rules) {
    (rule.at == Rule::At::kStart ? starts_ : anywhere_).push_back(std::move(rule));
  }
  std::sort(starts_.begin(), starts_.end(),
            [](const Rule& a, const Rule& b) { return FirstByte(a.bytes) < FirstByte(b.bytes); });
  for (const Rule& rule : starts_) first_[FirstByte(rule.bytes) + 1]++;
  for (size_t byte = 0; byte < 256; byte++) first_[byte + 1] += first_[byte];
}

bool KeepFilter::Keeps(const Record& record) const {
  if (everything_) return true;
  if (fragments_ && record.fragment() && record.from_kernel()) return true;
  return StartMatches(record) || AnywhereMatches(record);
}

bool KeepFilter::StartMatches(const Record& record) const {
  if (record.text.empty()) return false;
  const uint8_t byte = FirstByte(record.text);
  for (size_t i = first_[byte]; i < first_[byte + 1]; i++) {
    const Rule& rule = starts_[i];
    if (AppliesTo(rule, record) && record.text.substr(0, rule.bytes.size()) == rule.bytes) {
      return true;
    }
  }
  return false;
}

bool KeepFilter::AnywhereMatches(const Record& record) const {
  for (const Rule& rule : anywhere_) {
    // memmem, not string_view::find: libstdc++ looks for every first byte anew, which is several
    // times slower.
    if (AppliesTo(rule, record) && memmem(record.text.data(), record.text.size(), rule.bytes.data(),
                                          rule.bytes.size()) != nullptr) {
      return true;
    }
  }
  return false;
}

}  // namespace kmsg
