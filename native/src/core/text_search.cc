#include "text_search.h"

#include <algorithm>
#include <cstring>

namespace kmsg {
namespace {

constexpr int32_t kProbeBytes = 4;

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
      const int32_t beside = offset + 2 * kProbeBytes <= words_[word].size() ? kProbeBytes
                             : offset >= kProbeBytes                         ? -kProbeBytes
                                                                             : 0;
      candidates_.push_back({probe, ProbeAt(words_[word], offset + beside), beside,
                             static_cast<uint32_t>(offset), static_cast<uint32_t>(word)});
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
    const size_t places[] = {at, at + stride_, at + 2 * stride_, at + reach};
    const uint8_t hits[] = {maybe(places[0]), maybe(places[1]), maybe(places[2]), maybe(places[3])};
    if ((hits[0] | hits[1] | hits[2] | hits[3]) == 0) continue;
    for (size_t i = 0; i < std::size(places); i++) {
      if (hits[i] == 0) continue;
      if (const std::optional<Hit> hit = MatchAround(bytes, places[i], from)) return hit;
    }
  }
  for (; at <= last; at += stride_) {
    if (maybe(at) == 0) continue;
    if (const std::optional<Hit> hit = MatchAround(bytes, at, from)) return hit;
  }
  return std::nullopt;
}

std::optional<TextSearch::Hit> TextSearch::MatchAround(std::string_view bytes, size_t at,
                                                       size_t from) const {
  const uint32_t probe = ProbeAt(bytes, at);
  const uint32_t hash = Hash(probe);
  for (size_t i = first_[hash]; i < candidates_.size(); i++) {
    const Candidate& candidate = candidates_[i];
    if (candidate.probe != probe) {
      if (Hash(candidate.probe) != hash) break;
      continue;
    }
    const auto& [_, check, beside, offset, word] = candidate;
    // Where the four bytes are not there, neither is the word.
    if (at + kProbeBytes + beside > bytes.size() || at + beside > bytes.size()) continue;
    if (ProbeAt(bytes, at + beside) != check) continue;
    if (at < from + offset) continue;
    const size_t start = at - offset;
    if (bytes.compare(start, words_[word].size(), words_[word]) == 0) return Hit{start, word};
  }
  return std::nullopt;
}

}  // namespace kmsg
