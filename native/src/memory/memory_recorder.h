#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "../core/event_fd.h"
#include "../core/io_error.h"
#include "../core/thread.h"
#include "cgroup_tree.h"
#include "memory_text.h"
#include "pace.h"
#include "process_reader.h"
#include "run_up_store.h"

namespace kmsg {

struct MemoryRecorderOptions {
  CgroupVersion version = CgroupVersion::kV2;
  /** Where the memory hierarchy is mounted. */
  std::string root;
  /** Of one core; what it may take. */
  double max_share = 0.0025;
};

/**
 * Samples the memory of the cgroups that have a limit, and of those below them, on a thread of its
 * own: also while JavaScript is busy, and no file that makes its reader wait (memory.stat gathers
 * what all CPUs have counted) holds JavaScript up.
 */
class MemoryRecorder {
 public:
  struct Stats {
    RunUpStore::Counts store;
    size_t followed = 0;
    size_t limited = 0;
    uint64_t looks = 0;
    uint64_t samples = 0;
    double share = 0;
    double stretch = 1;
    bool left_out = false;
    bool processes_denied = false;
    bool lacks_watches = false;
    /** CLOCK_MONOTONIC; 0: the first look at all cgroups is not done yet. */
    uint64_t since_us = 0;
  };

  /** Null: `error` says why. */
  static std::unique_ptr<MemoryRecorder> Start(MemoryRecorderOptions options, IoError* error);
  ~MemoryRecorder() { Stop(); }

  /** Idempotent. What was recorded stays. */
  void Stop();

  const RunUpStore& store() const { return store_; }
  Stats stats() const;

 private:
  explicit MemoryRecorder(MemoryRecorderOptions options) : options_(std::move(options)) {}

  /** What the thread has, and ends with it. */
  struct Work;

  void Run();

  const MemoryRecorderOptions options_;
  RunUpStore store_;
  EventFd stop_;
  mutable std::mutex mutex_;
  /** Without the store's. */
  Stats stats_;
  Thread thread_;
};

}  // namespace kmsg
