#include "text_search.h"

#include <algorithm>
#include <cstring>

namespace kmsg {
namespace {

constexpr size_t kProbeBytes = 4;
/** Places a round: the loop is bound by its branches. */
constexpr size_t kPlaces = 4;
/** Rounds before what they found is looked at. */
constexpr size_t kRounds = 256;

template <typename Word>
Word Load(const char* place) {
  Word word;
  std::memcpy(&word, place, sizeof word);
  return word;
}

uint32_t ProbeAt(std::string_view bytes, size_t at) { return Load<uint32_t>(bytes.data() + at); }

}  // namespace

TextSearch::TextSearch(std::vector<std::string> words) : words_(std::move(words)) {
  size_t window = words_[0].size();
  for (const std::string& word : words_) {
    window = std::min(window, word.size());
    longest_ = std::max(longest_, word.size());
  }
  stride_ = window - kProbeBytes + 1;
  for (size_t word = 0; word < words_.size(); word++) {
    for (size_t offset = 0; offset < stride_; offset++) Add(word, offset);
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

void TextSearch::Add(size_t word, size_t offset) {
  const std::string& text = words_[word];
  const uint32_t probe = ProbeAt(text, offset);
  table_[Hash(probe)] |= kProbe;
  const bool has_ahead = offset + 2 * kProbeBytes <= text.size();
  const bool has_behind = offset >= kProbeBytes;
  if (!has_ahead && !has_behind) table_[Hash(probe)] |= kProbeAlone;
  const uint8_t mark = has_ahead && has_behind ? kWithOther : kEnough;
  const char* const place = text.data() + offset;
  if (has_ahead) ahead_[HashEight(Load<uint64_t>(place))] |= mark;
  if (has_behind) behind_[HashEight(Load<uint64_t>(place - kProbeBytes))] |= mark;
  candidates_.push_back(
      {probe, ProbeAt(text, 0), static_cast<uint32_t>(offset), static_cast<uint32_t>(word)});
}

[[gnu::hot]] std::optional<TextSearch::Hit> TextSearch::Find(std::string_view bytes,
                                                             size_t from) const {
  const char* const data = bytes.data();
  const size_t size = bytes.size();
  const auto has_probe = [&](size_t place) { return table_[Hash(Load<uint32_t>(data + place))]; };
  size_t at = from;
  // Up to where there are four bytes before a place.
  for (; at < kProbeBytes && at + kProbeBytes <= size; at += stride_) {
    if (has_probe(at) == 0) continue;
    if (const std::optional<Hit> hit = MatchAround(bytes, at, from)) return hit;
  }
  const size_t reach = (kPlaces - 1) * stride_ + 2 * kProbeBytes;
  std::array<size_t, kRounds> found;
  while (at + reach <= size) {
    size_t count = 0;
    for (size_t round = 0; round < kRounds && at + reach <= size; round++) {
      found[count] = at;
      count += (has_probe(at) | has_probe(at + stride_) | has_probe(at + 2 * stride_) |
                has_probe(at + 3 * stride_)) &
               kProbe;
      at += kPlaces * stride_;
    }
    for (size_t i = 0; i < count; i++) {
      unsigned places = 0;
      for (size_t n = 0; n < kPlaces; n++) {
        places |= static_cast<unsigned>(MaybeAround(data + found[i] + n * stride_)) << n;
      }
      for (size_t place = found[i]; places != 0; places >>= 1, place += stride_) {
        if ((places & 1) == 0) continue;
        if (const std::optional<Hit> hit = MatchAround(bytes, place, from)) return hit;
      }
    }
  }
  for (; at + kProbeBytes <= size; at += stride_) {
    if (has_probe(at) == 0) continue;
    if (const std::optional<Hit> hit = MatchAround(bytes, at, from)) return hit;
  }
  return std::nullopt;
}

/** Without a branch: which of the three is missing is chance. */
inline bool TextSearch::MaybeAround(const char* place) const {
  const uint8_t probe = table_[Hash(Load<uint32_t>(place))];
  const uint8_t ahead = ahead_[HashEight(Load<uint64_t>(place))];
  const uint8_t behind = behind_[HashEight(Load<uint64_t>(place - kProbeBytes))];
  return ((probe & (ahead | behind | ((ahead & behind) >> 1)) & kProbe) | (probe & kProbeAlone)) !=
         0;
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
    const auto& [_, first, offset, word] = candidate;
    if (at < from + offset || ProbeAt(bytes, at - offset) != first) continue;
    const std::string& text = words_[word];
    const size_t start = at - offset;
    if (text.size() > bytes.size() - start) continue;
    if (std::memcmp(bytes.data() + start, text.data(), text.size()) == 0) return Hit{start, word};
  }
  return std::nullopt;
}

}  // namespace kmsg
