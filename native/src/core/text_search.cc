#include "text_search.h"

#include <algorithm>
#include <cstring>

namespace kmsg {
namespace {

constexpr size_t kProbeBytes = 4;

uint32_t ProbeAt(std::string_view bytes, size_t at) {
  uint32_t probe;
  std::memcpy(&probe, bytes.data() + at, kProbeBytes);
  return probe;
}

}  // namespace

TextSearch::TextSearch(std::vector<std::string> words) : words_(std::move(words)) {
  size_t window = words_[0].size();
  for (const std::string& word : words_) window = std::min(window, word.size());
  stride_ = window - kProbeBytes + 1;
  for (size_t word = 0; word < words_.size(); word++) {
    for (size_t offset = 0; offset < stride_; offset++) {
      const uint32_t probe = ProbeAt(words_[word], offset);
      table_[Hash(probe)] = 1;
      candidates_.push_back({probe, offset, word});
    }
  }
  std::stable_sort(candidates_.begin(), candidates_.end(),
                   [](const Candidate& a, const Candidate& b) {
                     return a.probe != b.probe ? a.probe < b.probe : a.offset > b.offset;
                   });
}

[[gnu::hot]] std::optional<TextSearch::Hit> TextSearch::Find(std::string_view bytes,
                                                             size_t from) const {
  for (size_t at = from;; at += stride_) {
    at = NextProbe(bytes, at);
    if (at == std::string_view::npos) return std::nullopt;
    if (const std::optional<Hit> hit = MatchAround(bytes, at, from)) return hit;
  }
}

/** The next place, a whole number of strides from `at`, whose bytes some word may have. */
[[gnu::hot]] size_t TextSearch::NextProbe(std::string_view bytes, size_t at) const {
  if (bytes.size() < kProbeBytes) return std::string_view::npos;
  const size_t last = bytes.size() - kProbeBytes;
  const auto maybe = [&](size_t place) { return table_[Hash(ProbeAt(bytes, place))]; };
  // Four places a round: the loop is bound by its branches, and hits are rare.
  for (const size_t reach = 3 * stride_; at + reach <= last; at += 4 * stride_) {
    if ((maybe(at) | maybe(at + stride_) | maybe(at + 2 * stride_) | maybe(at + reach)) != 0) break;
  }
  for (; at <= last; at += stride_) {
    if (maybe(at) != 0) return at;
  }
  return std::string_view::npos;
}

std::optional<TextSearch::Hit> TextSearch::MatchAround(std::string_view bytes, size_t at,
                                                       size_t from) const {
  const uint32_t probe = ProbeAt(bytes, at);
  auto candidate =
      std::lower_bound(candidates_.begin(), candidates_.end(), probe,
                       [](const Candidate& one, uint32_t value) { return one.probe < value; });
  for (; candidate != candidates_.end() && candidate->probe == probe; candidate++) {
    const auto& [_, offset, word] = *candidate;
    if (at < from + offset) continue;
    const size_t start = at - offset;
    if (bytes.compare(start, words_[word].size(), words_[word]) == 0) return Hit{start, word};
  }
  return std::nullopt;
}

}  // namespace kmsg
