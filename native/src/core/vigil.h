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

/**
 * How the thread behaves for a while after a record that named a dying process: how soon the next
 * such record is read decides whether /proc still tells of its process.
 *
 * It looks at the log by itself every kVigilWaitUs, and where it may (CAP_SYS_NICE) it goes before
 * every other thread: on busy cores the short wait alone gains nothing. Nobody starves by that: of
 * each kVigilPeriodUs it goes first for kVigilBudgetUs, then it is one among the others.
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

  /** It goes on after a wait. */
  void AfterWait(uint64_t now_us) { counted_until_us_ = now_us; }

  /** It is still running. */
  void Spend(uint64_t now_us);

  /** Whether it goes before the others now. */
  bool first() const { return before_ != Before::kNothing; }

 private:
  /** What the thread was before it went first. */
  enum class Before { kNothing, kNormal, kNice };

  void GoFirst();
  void GoAsOthers();

  bool on_ = false;
  uint64_t until_us_ = 0;
  uint64_t period_began_us_ = 0;
  uint64_t counted_until_us_ = 0;
  uint64_t spent_us_ = 0;
  Before before_ = Before::kNothing;
  int nice_ = 0;
};

}  // namespace kmsg
