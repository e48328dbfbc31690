#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kmsg {

/**
 * Finds many words in one pass over bytes.
 *
 * Every word's first `window` bytes (the length of the shortest word) contain one of the places
 * that are `window` - 3 bytes apart, so only the four bytes at these places are read and looked up.
 * With the shortest word at 12 bytes that is 22 GB/s on one core where read(2) of the page cache
 * gives 9: vector instructions could only make the waiting longer.
 *
 * packages/logs/src/formats/marker-search.ts is the same in JavaScript and its specification.
 */
class TextSearch {
 public:
  static constexpr size_t kShortestWord = 4;

  struct Hit {
    size_t at;
    size_t word;
  };

  /** `words` are not empty, and each has at least kShortestWord bytes. */
  explicit TextSearch(std::vector<std::string> words);

  /**
   * The word that begins first at or after `from` and lies whole within `bytes`; of those that
   * begin together the one that was named first.
   */
  std::optional<Hit> Find(std::string_view bytes, size_t from) const;

  size_t word_count() const { return words_.size(); }

 private:
  static constexpr int kTableBits = 15;

  /** A word that may be around a probe: it begins `offset` bytes before. */
  struct Candidate {
    uint32_t probe;
    /** Four more bytes of the word, `beside` bytes from the probe: most that share the probe
     * differ. */
    uint32_t check;
    int32_t beside;
    uint32_t offset;
    uint32_t word;
  };

  static uint32_t Hash(uint32_t probe) { return (probe * 0x9e3779b1U) >> (32 - kTableBits); }

  std::optional<Hit> MatchAround(std::string_view bytes, size_t at, size_t from) const;

  std::vector<std::string> words_;
  size_t stride_;
  /** By the hash of four bytes: 1, some word has such bytes in its window. */
  std::array<uint8_t, 1 << kTableBits> table_{};
  /** By the probe's hash; of one probe, the word that begins first comes first. */
  std::vector<Candidate> candidates_;
  /** By hash, where `table_` has 1: the first of its candidates. Apart, for it is seldom looked at.
   */
  std::array<uint32_t, 1 << kTableBits> first_{};
};

}  // namespace kmsg
