#pragma once

#include <cstdint>

namespace kmsg {

/**
 * The kernel prints ten whole reports in 5 s (oom_rs, mm/oom_kill.c). What they say is withheld
 * only when kills come faster than that, and then the next one is less than a second away.
 */
constexpr uint64_t kVigilUs = 1000 * 1000;

/** The kernel wakes a poller of its log from a timer tick, up to 4 ms late and after the record was
 * printed on every console. */
constexpr uint64_t kVigilWaitUs = 500;

constexpr uint64_t kVigilPeriodUs = 100 * 1000;
constexpr uint64_t kVigilBudgetUs = 20 * 1000;

/** A wait that ends so much later than it should: no core was free. A kill line takes 4 ms on a
 * serial console, and the killer's core is taken for so long. */
constexpr uint64_t kVigilLateUs = 8000;

/**
 * How the thread behaves for a while after a record that named a dying process: how soon the next
 * such record is read decides whether /proc still tells of its process.
 *
 * It looks at the log by itself every kVigilWaitUs, and where it may (CAP_SYS_NICE) it goes before
 * the other threads: on busy cores the short wait alone gains nothing. Its niceness does that
 * while a core is free, or among the threads of one cgroup. After a wait that was late it is a
 * real-time thread for kVigilUs: a nice thread in a cgroup with few cpu shares is not before
 * anybody. It is not one from the start, because the scheduler leaves a real-time thread on its
 * core although another is free, and there it waits while the killer prints on a serial console
 * (4 ms a kill).
 *
 * Nobody starves by that: of each kVigilPeriodUs it goes first for kVigilBudgetUs, then it is one
 * among the others.
 *
 * Times are CLOCK_MONOTONIC. One thread, the one whose priority it is.
 */
class Vigil {
 public:
  /** A record named a dying process. */
  void Begin(uint64_t now_us);

  /** Whether there is a vigil. */
  bool on() const { return on_; }

  /** The thread, which there is a vigil for, is about to wait. */
  void BeforeWait(uint64_t now_us) { Spend(now_us); }

  /** It goes on after a wait of kVigilWaitUs at the most. */
  void AfterWait(uint64_t now_us);

  /** It is still running. */
  void Spend(uint64_t now_us);

  /** Whether it goes before the others now. */
  bool first() const { return rank_ != Rank::kAsOthers; }

 private:
  enum class Rank { kAsOthers, kNice, kRealTime };

  void GoFirst(uint64_t now_us);
  void GoAsOthers();

  bool on_ = false;
  uint64_t until_us_ = 0;
  uint64_t real_time_until_us_ = 0;
  uint64_t period_began_us_ = 0;
  /** What it ran before this is in spent_us_; during a wait, its beginning. */
  uint64_t counted_until_us_ = 0;
  uint64_t spent_us_ = 0;
  Rank rank_ = Rank::kAsOthers;
  /** What an administrator gave the process. */
  int nice_ = 0;
};

}  // namespace kmsg
