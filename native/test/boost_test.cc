#include "../src/core/boost.h"

#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>

#include <thread>

#include "check.h"

using kmsg::Boost;

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
bool IsNormal() { return Policy() == SCHED_OTHER && Nice() == kNiceAtStart; }

/** Whether a thread may go before the others, tried on one of its own. */
bool MayRaise() {
  bool may = false;
  OnThread([&] { may = setpriority(PRIO_PROCESS, 0, -20) == 0; });
  return may && Policy() == SCHED_OTHER && kNiceAtStart > -20;
}

/** Begins it at 0. False: the test is skipped. */
bool BeginsRaised(Boost* boost) {
  if (!MayRaise()) {
    check::Skip("needs CAP_SYS_NICE, and to run as an ordinary thread: none may go before others");
    return false;
  }
  boost->Begin(0);
  CHECK(boost->raised());
  return boost->raised();
}

}  // namespace

TEST("a boost lasts for a second after the last record that named a process") {
  OnThread([] {
    Boost boost;
    CHECK(!boost.active());
    boost.Begin(0);
    CHECK(boost.active());
    boost.Begin(900 * kMs);
    boost.OnTime(1899 * kMs);
    CHECK(boost.active());
    boost.OnTime(1900 * kMs);
    CHECK(!boost.active());
    CHECK(IsNormal());
  });
}

TEST("a boosted thread goes first, but keeps the others waiting for its budget only") {
  OnThread([] {
    Boost boost;
    if (!BeginsRaised(&boost)) return;
    CHECK(!IsNormal());
    boost.BeforeWait(10 * kMs);
    boost.AfterWait(50 * kMs);
    boost.OnTime(59 * kMs);
    CHECK(boost.raised());
    boost.OnTime(60 * kMs);
    CHECK(!boost.raised());
    CHECK(IsNormal());
    boost.OnTime(99 * kMs);
    CHECK(!boost.raised());
    boost.OnTime(100 * kMs);
    CHECK(boost.raised());
    CHECK(!IsNormal());
    boost.OnTime(1100 * kMs);
    CHECK(IsNormal());
  });
}

TEST("the thread is a real-time one only for a second after a wait that was late") {
  OnThread([] {
    Boost boost;
    if (!BeginsRaised(&boost)) return;
    boost.BeforeWait(0);
    boost.AfterWait(kmsg::kBoostWaitUs + kmsg::kBoostLateUs);
    CHECK_EQ(Policy(), SCHED_OTHER);
    boost.BeforeWait(10 * kMs);
    boost.AfterWait(20 * kMs);
    if (Policy() != SCHED_FIFO) {
      check::Skip("needs a cgroup that may have real-time threads");
      return;
    }
    boost.Begin(500 * kMs);
    // Its lateness as a real-time thread does not keep it one.
    boost.BeforeWait(1000 * kMs);
    boost.AfterWait(1005 * kMs);
    boost.OnTime(1100 * kMs);
    CHECK(boost.raised());
    CHECK_EQ(Policy(), SCHED_OTHER);
    boost.OnTime(1500 * kMs);
    CHECK(IsNormal());
  });
}

TEST("a priority that an administrator chose is left alone") {
  OnThread([] {
    sched_param none = {};
    if (pthread_setschedparam(pthread_self(), SCHED_BATCH, &none) != 0) {
      check::Skip("needs SCHED_BATCH");
      return;
    }
    Boost boost;
    boost.Begin(0);
    CHECK(boost.active());
    CHECK(!boost.raised());
    boost.OnTime(1000 * kMs);
    CHECK_EQ(Policy(), SCHED_BATCH);
  });
}
