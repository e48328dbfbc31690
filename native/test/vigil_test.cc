#include "../src/core/vigil.h"

#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>

#include <thread>

#include "check.h"

using kmsg::Vigil;

namespace {

constexpr uint64_t kMs = 1000;

/** On a thread of its own: the priorities of the tests' thread stay as they are. */
template <typename Body>
void OnThread(Body body) {
  std::thread(body).join();
}

/** Of the calling thread. The tests may run at any: `nice npm test`, or below a service's Nice=. */
int Nice() { return getpriority(PRIO_PROCESS, 0); }

/** As the whole process was started. */
const int kNiceAtStart = Nice();

int Policy() {
  int policy = -1;
  sched_param parameter;
  pthread_getschedparam(pthread_self(), &policy, &parameter);
  return policy;
}

/** Whether the calling thread is one among the others. */
bool IsAsOthers() { return Policy() == SCHED_OTHER && Nice() == kNiceAtStart; }

/** Whether a thread may go before the others, tried on one of its own. */
bool MayGoFirst() {
  bool may = false;
  OnThread([&] { may = setpriority(PRIO_PROCESS, 0, -20) == 0; });
  return may && Policy() == SCHED_OTHER && kNiceAtStart > -20;
}

/** Begins it at 0. False: the test is skipped. */
bool BeginsFirst(Vigil* vigil) {
  if (!MayGoFirst()) {
    check::Skip("needs CAP_SYS_NICE, and to run as an ordinary thread: none may go before others");
    return false;
  }
  vigil->Begin(0);
  CHECK(vigil->first());
  return vigil->first();
}

}  // namespace

TEST("a vigil lasts for a second after the last record that named a process") {
  OnThread([] {
    Vigil vigil;
    CHECK(!vigil.on());
    vigil.Begin(0);
    CHECK(vigil.on());
    vigil.Begin(900 * kMs);
    vigil.Spend(1899 * kMs);
    CHECK(vigil.on());
    vigil.Spend(1900 * kMs);
    CHECK(!vigil.on());
    CHECK(IsAsOthers());
  });
}

TEST("the thread of a vigil goes first, but keeps the others waiting for its budget only") {
  OnThread([] {
    Vigil vigil;
    if (!BeginsFirst(&vigil)) return;
    CHECK(!IsAsOthers());
    vigil.BeforeWait(10 * kMs);
    vigil.AfterWait(50 * kMs);
    vigil.Spend(59 * kMs);
    CHECK(vigil.first());
    vigil.Spend(60 * kMs);
    CHECK(!vigil.first());
    CHECK(IsAsOthers());
    vigil.Spend(99 * kMs);
    CHECK(!vigil.first());
    vigil.Spend(100 * kMs);
    CHECK(vigil.first());
    CHECK(!IsAsOthers());
    vigil.Spend(1100 * kMs);
    CHECK(IsAsOthers());
  });
}

TEST("the thread is a real-time one only for a second after a wait that was late") {
  OnThread([] {
    Vigil vigil;
    if (!BeginsFirst(&vigil)) return;
    vigil.BeforeWait(0);
    vigil.AfterWait(kmsg::kVigilWaitUs + kmsg::kVigilLateUs);
    CHECK_EQ(Policy(), SCHED_OTHER);
    vigil.BeforeWait(10 * kMs);
    vigil.AfterWait(20 * kMs);
    if (Policy() != SCHED_FIFO) {
      check::Skip("needs a cgroup that may have real-time threads");
      return;
    }
    vigil.Begin(500 * kMs);
    // Its lateness as a real-time thread does not keep it one.
    vigil.BeforeWait(1000 * kMs);
    vigil.AfterWait(1005 * kMs);
    vigil.Spend(1100 * kMs);
    CHECK(vigil.first());
    CHECK_EQ(Policy(), SCHED_OTHER);
    vigil.Spend(1500 * kMs);
    CHECK(IsAsOthers());
  });
}

TEST("a priority that an administrator chose is left alone") {
  OnThread([] {
    sched_param none = {};
    if (pthread_setschedparam(pthread_self(), SCHED_BATCH, &none) != 0) {
      check::Skip("needs SCHED_BATCH");
      return;
    }
    Vigil vigil;
    vigil.Begin(0);
    CHECK(vigil.on());
    CHECK(!vigil.first());
    vigil.Spend(1000 * kMs);
    CHECK_EQ(Policy(), SCHED_BATCH);
  });
}
