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

/**
 * When what is due at `at_us`, each `interval_us`, is done: what is not urgent is done together,
 * each second or each five. Four times a second a part of them, a look cost 30 us on a virtual
 * machine that was asleep before each, and together 1 to 2; waking itself costs it 0.5 to 2.4 ms.
 */
uint64_t Together(uint64_t at_us, uint64_t interval_us);

/**
 * How much sooner than after an interval the next one comes the first time: those that were found
 * at once would else be sampled at once, which is felt by others.
 */
uint64_t Spread(uint64_t id, uint64_t interval_us);

/** What reading costs, in looks. */
constexpr uint64_t kSampleLooks = 4;
constexpr uint64_t kProcessesLooks = 20;

/** What a pace costs, in looks a second. */
double LooksPerSecond(const Pace& pace);

/**
 * When the tree of cgroups is looked through for what inotify did not tell: once a minute, each 10
 * s where it has no watch on some, at once where it has lost changes. With thousands of cgroups
 * that takes its time: a thousandth of a core at most, whatever is lost.
 */
class CheckPace {
 public:
  explicit CheckPace(uint64_t now_us);

  bool IsDue(uint64_t now_us, bool lost) const { return now_us >= (lost ? soonest_us_ : next_us_); }
  void Done(uint64_t now_us, uint64_t took_cpu_us, bool lacks_watches);

 private:
  uint64_t soonest_us_;
  uint64_t next_us_;
};

/**
 * Keeps the recorder below a share of one core: all intervals are stretched by one factor. That
 * follows from what a look costs here and now and from how many are wanted, not from how much was
 * done of late, for that comes in bursts. What waking costs, and following the tree, does not
 * become less by it and is taken off before.
 */
class Stretch {
 public:
  /** What the thread has done since its start. */
  struct Done {
    uint64_t cpu_us = 0;
    /** The part of it that went into looks. */
    uint64_t looks_cpu_us = 0;
    uint64_t looks = 0;
  };

  explicit Stretch(double max_share) : max_share_(max_share) {}

  /** At least 1. */
  double factor() const { return factor_; }
  /** The share of a core that the recorder took in the last whole window. */
  double share() const { return share_; }

  /** Whether a window has passed, and Measure has something to do. */
  bool IsDue(uint64_t now_us) const;
  /** `wanted`: looks a second. */
  void Measure(uint64_t now_us, const Done& done, double wanted);

 private:
  const double max_share_;
  double factor_ = 1;
  double share_ = 0;
  /** 0: not known. */
  double look_cost_us_ = 0;
  uint64_t window_us_ = 0;
  Done window_;
};

}  // namespace kmsg
