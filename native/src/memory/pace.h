#pragma once

#include <cstdint>

#include "memory_sample.h"

namespace kmsg {

/** How often a cgroup is looked at (its usage alone), and sampled (all of it). */
struct Pace {
  uint64_t look_us;
  uint64_t sample_us;
  /** Whether its biggest processes are read too. */
  bool with_processes;
};

/**
 * The nearer to its limit, the more often. What counts is what the kernel cannot take back at once:
 * page cache fills every cgroup to its limit sooner or later, and kills nobody. `limit`: its own,
 * or the nearest above.
 */
Pace PaceOf(const MemorySample& newest, uint32_t limit);

/** Whether usage has changed so much since the newest sample that a new one is due. */
bool IsJump(uint32_t usage, uint32_t sampled_usage, uint32_t limit);

/** Keeps the recorder below a share of one core: all intervals are stretched by one factor. */
class Stretch {
 public:
  explicit Stretch(double max_share) : max_share_(max_share) {}

  /** At least 1. */
  double factor() const { return factor_; }
  /** The share of a core that the recorder took in the last whole window. */
  double share() const { return share_; }

  /** Both clocks by now: the monotonic one and the thread's. */
  void Measure(uint64_t now_us, uint64_t cpu_us);

 private:
  const double max_share_;
  double factor_ = 1;
  double share_ = 0;
  uint64_t window_us_ = 0;
  uint64_t window_cpu_us_ = 0;
};

}  // namespace kmsg
