#include "keep_filter.h"

#include <algorithm>

namespace kmsg {
namespace {

uint8_t FirstByte(std::string_view bytes) { return static_cast<uint8_t>(bytes[0]); }

bool AppliesTo(const KeepFilter::Rule& rule, const Record& record) {
  return !rule.kernel_only || record.from_kernel();
}

/** The index of the byte that text has least of, by the frequency of letters in English; others
 * count as common. */
size_t RarestByte(std::string_view bytes) {
  constexpr std::string_view kRarestFirst = "zqxjkvbpygfwmucldrhsnioate";
  const auto rarer = [&](char a, char b) { return kRarestFirst.find(a) < kRarestFirst.find(b); };
  return static_cast<size_t>(std::min_element(bytes.begin(), bytes.end(), rarer) - bytes.begin());
}

/** As memmem, which prepares a table for each call: that takes longer than to search a line for one
 * rare byte. */
bool Contains(std::string_view text, std::string_view bytes, size_t anchor) {
  for (size_t at = anchor; (at = text.find(bytes[anchor], at)) != std::string_view::npos; at++) {
    if (text.substr(at - anchor, bytes.size()) == bytes) return true;
  }
  return false;
}

}  // namespace

KeepFilter::KeepFilter(std::vector<Rule> rules, bool fragments)
    : everything_(rules.empty()), fragments_(fragments) {
  for (Rule& rule : rules) {
    if (rule.at == Rule::At::kStart) {
      starts_.push_back(std::move(rule));
    } else {
      const size_t anchor = RarestByte(rule.bytes);
      anywhere_.push_back({std::move(rule), anchor});
    }
  }
  std::sort(starts_.begin(), starts_.end(),
            [](const Rule& a, const Rule& b) { return FirstByte(a.bytes) < FirstByte(b.bytes); });
  for (const Rule& rule : starts_) first_[FirstByte(rule.bytes) + 1]++;
  for (size_t byte = 0; byte < 256; byte++) first_[byte + 1] += first_[byte];
}

[[gnu::hot]] bool KeepFilter::Keeps(const Record& record) const {
  if (everything_) return true;
  if (fragments_ && record.fragment() && record.from_kernel()) return true;
  return StartMatches(record) || AnywhereMatches(record);
}

[[gnu::hot]] bool KeepFilter::StartMatches(const Record& record) const {
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

[[gnu::hot]] bool KeepFilter::AnywhereMatches(const Record& record) const {
  for (const auto& [rule, anchor] : anywhere_) {
    if (AppliesTo(rule, record) && Contains(record.text, rule.bytes, anchor)) return true;
  }
  return false;
}

}  // namespace kmsg
