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
  std::stable_sort(
      candidates_.begin(), candidates_.end(),
      [](const Candidate& a, const Candidate& b) { return Hash(a.probe) < Hash(b.probe); });
  for (size_t i = candidates_.size(); i > 0; i--) {
    first_[Hash(candidates_[i - 1].probe)] = static_cast<uint32_t>(i - 1);
  }
}

[[gnu::hot]] std::optional<TextSearch::Hit> TextSearch::Find(std::string_view bytes,
                                                             size_t from) const {
  if (bytes.size() < kProbeBytes) return std::nullopt;
  const size_t last = bytes.size() - kProbeBytes;
  const auto maybe = [&](size_t place) { return table_[Hash(ProbeAt(bytes, place))]; };
  size_t at = from;
  // Four places a round: the loop is bound by its branches, and hits are rare.
  for (const size_t reach = 3 * stride_; at + reach <= last; at += 4 * stride_) {
    if ((maybe(at) | maybe(at + stride_) | maybe(at + 2 * stride_) | maybe(at + reach)) == 0) {
      continue;
    }
    for (size_t place = at; place <= at + reach; place += stride_) {
      if (const std::optional<Hit> hit = MatchAround(bytes, place, from)) return hit;
    }
  }
  for (; at <= last; at += stride_) {
    if (const std::optional<Hit> hit = MatchAround(bytes, at, from)) return hit;
  }
  return std::nullopt;
}

std::optional<TextSearch::Hit> TextSearch::MatchAround(std::string_view bytes, size_t at,
                                                       size_t from) const {
  const uint32_t probe = ProbeAt(bytes, at);
  const uint32_t hash = Hash(probe);
  if (table_[hash] == 0) return std::nullopt;
  for (size_t i = first_[hash]; i < candidates_.size(); i++) {
    const auto& [candidate, offset, word] = candidates_[i];
    if (candidate != probe) {
      if (Hash(candidate) != hash) break;
      continue;
    }
    if (at < from + offset) continue;
    const size_t start = at - offset;
    if (bytes.compare(start, words_[word].size(), words_[word]) == 0) return Hit{start, word};
  }
  return std::nullopt;
}

}  // namespace kmsg
