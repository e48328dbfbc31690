#include "../src/core/waker.h"

#include <chrono>
#include <thread>

#include "check.h"

using kmsg::Waker;
using std::chrono::milliseconds;

TEST("each wake that is wanted comes, one after the other") {
  std::atomic<int> wakes{0};
  Waker waker([&] { wakes++; });
  CHECK_EQ(waker.Start(), 0);
  for (int i = 0; i < 1000; i++) waker.Wake();
  for (int i = 0; i < 5000 && wakes < 1000; i++) std::this_thread::sleep_for(milliseconds(1));
  CHECK_EQ(wakes, 1000);
}

TEST("a wake that goes on is waited for when it stops, and none comes after it") {
  std::atomic<int> begun{0};
  std::atomic<int> ended{0};
  Waker waker([&] {
    begun++;
    std::this_thread::sleep_for(milliseconds(20));
    ended++;
  });
  CHECK_EQ(waker.Start(), 0);
  waker.Wake();
  waker.Wake();
  while (begun == 0) std::this_thread::yield();
  waker.Stop();
  CHECK_EQ(ended, begun);
  const int wakes = begun;
  waker.Wake();
  std::this_thread::sleep_for(milliseconds(20));
  CHECK_EQ(begun, wakes);
}

TEST("one that was never started, or is stopped twice, stops") {
  Waker never([] {});
  never.Stop();
  Waker twice([] {});
  CHECK_EQ(twice.Start(), 0);
  twice.Stop();
  twice.Stop();
}
