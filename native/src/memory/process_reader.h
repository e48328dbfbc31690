#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "../core/unique_fd.h"
#include "memory_sample.h"
#include "process_ranking.h"

namespace kmsg {

/** Reads the biggest processes of a cgroup from /proc. No file that it reads stops a process: smaps
 * and smaps_rollup, which hold its mmap_lock, are not among them. */
class ProcessReader {
 public:
  static constexpr size_t kBiggest = 5;

  explicit ProcessReader(const char* proc = "/proc");

  /** Of these processes, biggest first; by the ranking of the cgroup, which it keeps. */
  std::vector<ProcessSample> Biggest(const std::vector<int>& pids, ProcessRanking* ranking);

  /** Whether /proc has kept a process from us. */
  bool denied() const { return denied_; }
  void Deny() { denied_ = true; }

 private:
  std::string Read(int pid, const char* file);

  const UniqueFd proc_;
  bool denied_ = false;
};

}  // namespace kmsg
