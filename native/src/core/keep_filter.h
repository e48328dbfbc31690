#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "record.h"

namespace kmsg {

/** Which records are handed over. Every record of the log passes here, so nothing in it allocates.
 */
class KeepFilter {
 public:
  struct Rule {
    enum class At { kStart, kAnywhere };

    /** Not empty. */
    std::string bytes;
    At at;
    /** Only records of facility 0. */
    bool kernel_only;
  };

  /** No rules at all keep every record. `fragments`: keep every fragment of facility 0 as well. */
  KeepFilter(std::vector<Rule> rules, bool fragments);

  bool Keeps(const Record& record) const;

 private:
  bool StartMatches(const Record& record) const;
  bool AnywhereMatches(const Record& record) const;

  /** Sorted by first byte; those with first byte b are [first_[b], first_[b + 1]). */
  std::vector<Rule> starts_;
  std::array<size_t, 257> first_{};
  struct Anywhere {
    Rule rule;
    /** Where in its bytes the one is that texts have least of. */
    size_t anchor;
  };
  std::vector<Anywhere> anywhere_;
  bool everything_;
  bool fragments_;
};

}  // namespace kmsg
