#include "../src/core/worker.h"

#include <chrono>
#include <thread>

#include "check.h"

using kmsg::Worker;
using std::chrono::milliseconds;

TEST("each call that is asked for comes, one after the other") {
  std::atomic<int> calls{0};
  Worker worker([&] { calls++; });
  CHECK_EQ(worker.Start("test"), 0);
  for (int i = 0; i < 1000; i++) worker.Ask();
  for (int i = 0; i < 120'000 && calls < 1000; i++) std::this_thread::sleep_for(milliseconds(1));
  CHECK_EQ(calls, 1000);
}

TEST("a call that goes on is waited for when it stops, and none comes after it") {
  std::atomic<int> begun{0};
  std::atomic<int> ended{0};
  Worker worker([&] {
    begun++;
    std::this_thread::sleep_for(milliseconds(20));
    ended++;
  });
  CHECK_EQ(worker.Start("test"), 0);
  worker.Ask();
  worker.Ask();
  while (begun == 0) std::this_thread::yield();
  worker.Stop();
  CHECK_EQ(ended, begun);
  const int calls = begun;
  worker.Ask();
  std::this_thread::sleep_for(milliseconds(20));
  CHECK_EQ(begun, calls);
}

TEST("one that was never started, or is stopped twice, stops") {
  Worker never([] {});
  never.Stop();
  Worker twice([] {});
  CHECK_EQ(twice.Start("test"), 0);
  twice.Stop();
  twice.Stop();
}
