#pragma once

#include <cstdint>

namespace kmsg {

/**
 * The kernel prints ten whole reports in 5 s (oom_rs, mm/oom_kill.c). What they say is withheld
 * only when kills come faster than that, and then the next one is less than a second away.
 */
constexpr uint64_t kBoostUs = 1000 * 1000;

/** The kernel wakes a poller of its log from a timer tick, up to 4 ms late and after the record was
 * printed on every console. */
constexpr uint64_t kBoostWaitUs = 500;

constexpr uint64_t kBoostPeriodUs = 100 * 1000;
constexpr uint64_t kBoostBudgetUs = 20 * 1000;

/** A wait that ends so much later than it should: no core was free. A kill line takes 4 ms on a
 * serial console, and the killer's core is taken for so long. */
constexpr uint64_t kBoostLateUs = 8000;

/**
 * The reading thread is faster for a while after a record that named a dying process: how soon the
 * next such record is read decides whether /proc still knows its process.
 *
 * The thread looks at the log by itself every kBoostWaitUs. Where it may (CAP_SYS_NICE), its
 * priority is raised too: on busy cores the short wait alone gains nothing. Niceness is enough
 * while a core is free, or among the threads of one cgroup. After a wait that was late the thread
 * is a real-time one for kBoostUs: a nice thread in a cgroup with few cpu shares is not before
 * anybody. It is not one from the start, because the scheduler leaves a real-time thread on its
 * core although another is free, and there it waits while the killer prints on a serial console
 * (4 ms a kill).
 *
 * Nobody starves: of each kBoostPeriodUs the priority is raised for kBoostBudgetUs of running time.
 *
 * Times are CLOCK_MONOTONIC. One thread, the one whose priority it is.
 */
class Boost {
 public:
  /** A record named a dying process. */
  void Begin(uint64_t now_us);

  /** Whether the boost lasts. */
  bool active() const { return active_; }

  /** The boosted thread is about to wait. */
  void BeforeWait(uint64_t now_us) { OnTime(now_us); }

  /** It goes on after a wait of kBoostWaitUs at the most. */
  void AfterWait(uint64_t now_us);

  /** It is still running. */
  void OnTime(uint64_t now_us);

  /** Whether its priority is raised now. */
  bool raised() const { return rank_ != Rank::kNormal; }

 private:
  enum class Rank { kNormal, kNice, kRealTime };

  void RaisePriority(uint64_t now_us);
  void DropPriority();

  bool active_ = false;
  uint64_t until_us_ = 0;
  uint64_t real_time_until_us_ = 0;
  uint64_t period_began_us_ = 0;
  /** What it ran before this is in spent_us_; during a wait, its beginning. */
  uint64_t counted_until_us_ = 0;
  uint64_t spent_us_ = 0;
  Rank rank_ = Rank::kNormal;
  /** What an administrator gave the process. */
  int nice_ = 0;
};

}  // namespace kmsg
