#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace kmsg {

/** Of a size: not known, or of a limit: none. Sizes end below it, at 4 TiB. */
constexpr uint32_t kNoKib = UINT32_MAX;

inline uint32_t ToKib(uint64_t bytes) {
  const uint64_t kib = bytes / 1024;
  return kib < kNoKib ? static_cast<uint32_t>(kib) : kNoKib - 1;
}

/** What memory.stat tells. */
struct MemoryStat {
  uint32_t anon = kNoKib;
  /** With shmem. */
  uint32_t file = kNoKib;
  uint32_t shmem = kNoKib;
  uint32_t kernel = kNoKib;
  uint32_t swap = kNoKib;
  /** The part of file that the kernel gives up first. */
  uint32_t inactive_file = kNoKib;
};

/** The memory of a cgroup, and all below it, at one moment of CLOCK_MONOTONIC. */
struct MemorySample : MemoryStat {
  uint64_t at_us = 0;
  uint32_t usage = 0;
  uint32_t limit = kNoKib;
};

/** A process at one moment; pid and start are its identity. */
struct ProcessSample {
  int pid = 0;
  /** In ticks since boot. */
  uint64_t start = 0;
  uint32_t anon = 0;
  uint32_t file = kNoKib;
  uint32_t shmem = kNoKib;
  /** As the process chose it. */
  char name[16] = {};

  /** What only its end gives back; by it the biggest are found. */
  uint64_t held() const { return uint64_t{anon} + (shmem == kNoKib ? 0 : shmem); }
};

/** The biggest processes of a cgroup at the moment of one of its samples. */
struct ProcessList {
  uint64_t at_us = 0;
  std::vector<ProcessSample> processes;
};

}  // namespace kmsg
