#include "../src/core/text_search.h"

#include <string>

#include "check.h"

using kmsg::TextSearch;

namespace {

/** `at` and `word` of what is found, npos of nothing. */
std::pair<size_t, size_t> Found(const TextSearch& search, std::string_view bytes, size_t from = 0) {
  const auto hit = search.Find(bytes, from);
  if (!hit) return {std::string_view::npos, std::string_view::npos};
  return {hit->at, hit->word};
}

constexpr std::pair<size_t, size_t> kNothing = {std::string_view::npos, std::string_view::npos};

}  // namespace

TEST("a word is found wherever it stands, also at both ends") {
  const TextSearch search({"Killed process ", "Out of memory"});
  for (size_t before = 0; before < 100; before++) {
    for (size_t after = 0; after < 5; after++) {
      const std::string text = std::string(before, '.') + "Out of memory" + std::string(after, '.');
      CHECK((Found(search, text) == std::pair<size_t, size_t>{before, 1}));
    }
  }
}

TEST("a word that is cut off is not found, and nothing behind the end is read") {
  const TextSearch search({"Out of memory"});
  const std::string text = "xOut of memory";
  for (size_t end = 0; end < text.size(); end++) {
    // Of its own size, so that ASan sees a read past its end.
    const std::string cut(text, 0, end);
    CHECK(Found(search, cut) == kNothing);
  }
}

TEST("the search goes on behind what was found, and not before where it is told to begin") {
  const TextSearch search({"abcd"});
  CHECK((Found(search, "abcdabcd", 0) == std::pair<size_t, size_t>{0, 0}));
  CHECK((Found(search, "abcdabcd", 1) == std::pair<size_t, size_t>{4, 0}));
  CHECK(Found(search, "abcdabcd", 5) == kNothing);
}

TEST("the word that begins first is found first, of two that begin together the first named") {
  const TextSearch search({"of memory", "Out of memory", "Out of mem"});
  CHECK((Found(search, "...Out of memory") == std::pair<size_t, size_t>{3, 1}));
  CHECK((Found(search, "...out of memory") == std::pair<size_t, size_t>{7, 0}));
  CHECK((Found(search, "...Out of men, Out of memo") == std::pair<size_t, size_t>{15, 2}));
}

TEST("a word that is shorter than a probe with its neighbours is found beside longer ones") {
  const TextSearch search({"kernel:", "Out of memory", "oops"});
  for (size_t before = 0; before < 80; before++) {
    const std::string dots(before, '.');
    const std::string after(60, '.');
    CHECK((Found(search, dots + "kernel:" + after) == std::pair<size_t, size_t>{before, 0}));
    CHECK((Found(search, dots + "Out of memory" + after) == std::pair<size_t, size_t>{before, 1}));
    CHECK((Found(search, dots + "oops" + after) == std::pair<size_t, size_t>{before, 2}));
  }
}
