#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "memory_sample.h"

namespace kmsg {

/**
 * Finds the biggest of many processes without reading all of them each time: those that were big
 * before, those that are new, and some of the rest in turn.
 */
class ProcessRanking {
 public:
  /** Which of these to read now, at most `max`. Others of before are forgotten. */
  std::vector<int> Choose(const std::vector<int>& pids, size_t max);
  /** How big one of them was. */
  void Note(int pid, uint64_t pages) { sizes_[pid] = pages; }
  /** The biggest, biggest first. */
  std::vector<int> Biggest(size_t count) const;
  void Forget(int pid) { sizes_.erase(pid); }

 private:
  std::map<int, uint64_t> sizes_;
  /** The last one that was read in turn. */
  int turn_ = 0;
};

}  // namespace kmsg
