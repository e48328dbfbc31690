#include "boost.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>

namespace kmsg {
namespace {

constexpr int kHighestNice = -20;

bool SetPolicy(int policy, int priority) {
  sched_param parameter = {};
  parameter.sched_priority = priority;
  // Not sched_setscheduler, which musl does not offer.
  return pthread_setschedparam(pthread_self(), policy, &parameter) == 0;
}

/** Whether an administrator has chosen nothing else for this process. */
bool IsNormal() {
  int policy = SCHED_OTHER;
  sched_param parameter;
  return pthread_getschedparam(pthread_self(), &policy, &parameter) == 0 && policy == SCHED_OTHER;
}

// On Linux a nice value is a thread's own; 0 means the calling one.
bool SetNice(int nice) { return setpriority(PRIO_PROCESS, 0, nice) == 0; }

}  // namespace

void Boost::Begin(uint64_t now_us) {
  until_us_ = now_us + kBoostUs;
  if (active_) return;
  active_ = true;
  period_began_us_ = counted_until_us_ = now_us;
  spent_us_ = 0;
  RaisePriority(now_us);
}

void Boost::AfterWait(uint64_t now_us) {
  const bool late = now_us - counted_until_us_ > kBoostWaitUs + kBoostLateUs;
  counted_until_us_ = now_us;
  // A real-time thread is late on its own core alone, so its lateness says nothing of the others.
  if (!late || rank_ == Rank::kRealTime) return;
  real_time_until_us_ = now_us + kBoostUs;
  if (raised()) RaisePriority(now_us);
}

void Boost::OnTime(uint64_t now_us) {
  spent_us_ += now_us - counted_until_us_;
  counted_until_us_ = now_us;
  if (now_us >= until_us_) {
    active_ = false;
    DropPriority();
  } else if (now_us - period_began_us_ >= kBoostPeriodUs) {
    period_began_us_ = now_us;
    spent_us_ = 0;
    RaisePriority(now_us);
  } else if (spent_us_ >= kBoostBudgetUs) {
    DropPriority();
  }
}

void Boost::RaisePriority(uint64_t now_us) {
  const Rank rank = now_us < real_time_until_us_ ? Rank::kRealTime : Rank::kNice;
  if (rank_ == rank) return;
  DropPriority();
  if (!IsNormal()) return;
  errno = 0;
  nice_ = getpriority(PRIO_PROCESS, 0);
  if (errno != 0) return;
  // Kernels with CONFIG_RT_GROUP_SCHED refuse it in a cgroup without a real-time share.
  if (rank == Rank::kRealTime && SetPolicy(SCHED_FIFO, sched_get_priority_min(SCHED_FIFO))) {
    rank_ = Rank::kRealTime;
  } else if (SetNice(kHighestNice)) {
    rank_ = Rank::kNice;
  }
}

void Boost::DropPriority() {
  if (rank_ == Rank::kRealTime) SetPolicy(SCHED_OTHER, 0);
  if (rank_ == Rank::kNice) SetNice(nice_);
  rank_ = Rank::kNormal;
}

}  // namespace kmsg
