#include "vigil.h"

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

void Vigil::Begin(uint64_t now_us) {
  until_us_ = now_us + kVigilUs;
  if (on_) return;
  on_ = true;
  period_began_us_ = counted_until_us_ = now_us;
  spent_us_ = 0;
  GoFirst();
}

void Vigil::Spend(uint64_t now_us) {
  spent_us_ += now_us - counted_until_us_;
  counted_until_us_ = now_us;
  if (now_us >= until_us_) {
    on_ = false;
    GoAsOthers();
  } else if (now_us - period_began_us_ >= kVigilPeriodUs) {
    period_began_us_ = now_us;
    spent_us_ = 0;
    GoFirst();
  } else if (spent_us_ >= kVigilBudgetUs) {
    GoAsOthers();
  }
}

void Vigil::GoFirst() {
  if (first() || !IsNormal()) return;
  errno = 0;
  nice_ = getpriority(PRIO_PROCESS, 0);
  if (errno != 0) return;
  if (SetPolicy(SCHED_FIFO, sched_get_priority_min(SCHED_FIFO))) {
    before_ = Before::kNormal;
  } else if (SetNice(kHighestNice)) {
    // Kernels with CONFIG_RT_GROUP_SCHED refuse the first in a cgroup without a real-time share.
    before_ = Before::kNice;
  }
}

void Vigil::GoAsOthers() {
  if (before_ == Before::kNormal) SetPolicy(SCHED_OTHER, 0);
  if (before_ == Before::kNice) SetNice(nice_);
  before_ = Before::kNothing;
}

}  // namespace kmsg
