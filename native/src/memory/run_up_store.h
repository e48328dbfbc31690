#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "memory_sample.h"

namespace kmsg {

/** What was recorded of one cgroup, oldest first. */
struct RunUp {
  std::string path;
  uint64_t since_us = 0;
  std::vector<MemorySample> samples;
  /** Each of the moment of one of the samples. */
  std::vector<ProcessList> lists;
};

/** The bounds of a RunUpStore. */
struct RunUpBounds {
  uint64_t keep_us = 600'000'000;
  /** Of one cgroup. */
  size_t samples_each = 80;
  /** Of one that others' samples make no room in. */
  size_t samples_least = 6;
  size_t lists_each = 20;
  /** Of all: 1.2 MiB of samples, and 320 KiB of processes. */
  size_t samples = 32'000;
  size_t processes = 8'192;
  /** Cgroups that are gone, and how long they are kept for kills that are still to be told. */
  size_t gone = 256;
  uint64_t keep_gone_us = 60'000'000;
};

/**
 * The last minutes of many cgroups, in a bounded memory: the more cgroups, the fewer samples each.
 * One thread records, any asks; no call waits for more than another one's copying.
 */
class RunUpStore {
 public:
  using Id = uint64_t;

  explicit RunUpStore(RunUpBounds bounds = {}) : bounds_(bounds) {}

  /** A cgroup is watched from now on; an earlier one of this path is another one. */
  Id Begin(std::string path, uint64_t now_us);
  void Add(Id id, const MemorySample& sample, std::vector<ProcessSample> processes);
  /** It is gone. */
  void End(Id id, uint64_t now_us);

  /** What is known of the cgroup that had the path at that moment. Empty: nothing. */
  std::optional<RunUp> Find(const std::string& path, uint64_t at_us) const;
  /** Cgroups that are there and whose newest sample uses at least that share of the limit, fullest
   * first. */
  std::vector<RunUp> Close(double share, size_t max) const;

  struct Counts {
    size_t cgroups = 0;
    size_t samples = 0;
    size_t processes = 0;
    /** What all of it takes in this process's memory. */
    size_t bytes = 0;
  };
  Counts counts() const;

 private:
  struct Track {
    RunUp run_up;
    /** 0: it is there. */
    uint64_t ended_us = 0;
  };

  void MakeRoom(Track* adding);
  void AddList(Track* track, ProcessList list);
  void DropList(Track* track, size_t at);
  void ForgetGone(uint64_t now_us);
  void Forget(Id id);

  const RunUpBounds bounds_;
  mutable std::mutex mutex_;
  Id last_ = 0;
  size_t samples_ = 0;
  size_t processes_ = 0;
  /** Ordered by age. */
  std::map<Id, Track> tracks_;
  /** In the order in which they went. */
  std::deque<Id> gone_;
  /** Where room was looked for last. */
  Id looked_ = 0;
};

}  // namespace kmsg
