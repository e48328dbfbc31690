#include "../src/witness/witness_reader.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "check.h"
#include "fake_ring.h"
#include "witness_bytes.h"

using kmsg::WitnessReader;

namespace {

using namespace std::chrono_literals;

/** Ends what hangs. */
constexpr auto kDeadline = 120s;

/** Counts wakes, and waits for one. */
class Wakes {
 public:
  void operator()() {
    const std::lock_guard<std::mutex> lock(mutex_);
    count_++;
    changed_.notify_all();
  }
  void Wait(int count) {
    std::unique_lock<std::mutex> lock(mutex_);
    if (!changed_.wait_for(lock, kDeadline, [&] { return count_ >= count; }))
      check::Abandon("no wake in two minutes");
  }
  int count() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return count_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int count_ = 0;
};

struct Reading {
  explicit Reading(WitnessReader::Keep keep = WitnessReader::Keep::kNo) {
    kmsg::IoError error;
    reader = WitnessReader::Start(
        ring.readable().fd(), ring.Reader(), [this] { wakes(); }, &error, {}, keep);
    if (!reader) check::Abandon(error.message);
  }

  /** The next record's pid, when it comes. */
  int NextPid() {
    for (int ms = 0; ms < 20000; ms++) {
      if (const auto witnessed = reader->Take()) return witnessed->fields.pid;
      std::this_thread::sleep_for(1ms);
    }
    check::Abandon("no record in 20 s");
  }

  FakeRing ring;
  Wakes wakes;
  std::unique_ptr<WitnessReader> reader;
};

}  // namespace

TEST("records that are in the ring before its reader are read, in order and once") {
  FakeRing ring;
  for (int pid = 1; pid <= 50; pid++) CHECK(ring.Write(WitnessBytes(pid)));
  // The ring tells only who has caught up: a reader that waits first waits for ever.
  ring.readable().Lower();
  Wakes wakes;
  kmsg::IoError error;
  const auto reader = WitnessReader::Start(
      ring.readable().fd(), ring.Reader(), [&] { wakes(); }, &error);
  wakes.Wait(1);
  for (int pid = 1; pid <= 50; pid++) {
    const auto witnessed = reader->Take();
    if (!witnessed) check::Abandon("a record is missing");
    CHECK_EQ(witnessed->fields.pid, pid);
    CHECK(witnessed->taken_us > 0);
  }
  CHECK(!reader->Take());
}

TEST("a wake is not repeated before it was answered, and none is lost") {
  Reading reading;
  CHECK(reading.ring.Write(WitnessBytes(1)));
  reading.wakes.Wait(1);
  CHECK(reading.ring.Write(WitnessBytes(2)));
  while (reading.reader->stats().taken < 2) std::this_thread::sleep_for(1ms);
  CHECK_EQ(reading.wakes.count(), 1);
  reading.reader->WakeDelivered();
  CHECK_EQ(reading.NextPid(), 1);
  CHECK_EQ(reading.NextPid(), 2);
  CHECK(reading.ring.Write(WitnessBytes(3)));
  reading.wakes.Wait(2);
  CHECK_EQ(reading.NextPid(), 3);
}

TEST("what a slow consumer leaves waits in the kernel, and comes when there is space") {
  Reading reading;
  const int most = static_cast<int>(kmsg::kWitnessedMax);
  int written = 0;
  while (written < most + 40) {
    if (reading.ring.Write(WitnessBytes(written + 1))) {
      written++;
    } else {
      std::this_thread::sleep_for(1ms);
    }
  }
  while (reading.reader->stats().taken < kmsg::kWitnessedMax) std::this_thread::sleep_for(1ms);
  std::this_thread::sleep_for(20ms);
  CHECK_EQ(reading.reader->stats().taken, kmsg::kWitnessedMax);
  int pid = 0;
  const auto deadline = std::chrono::steady_clock::now() + kDeadline;
  while (pid < written && std::chrono::steady_clock::now() < deadline) {
    if (const auto witnessed = reading.reader->Take()) CHECK_EQ(witnessed->fields.pid, ++pid);
  }
  CHECK_EQ(pid, written);
}

TEST("what was not released is there for the next reader; wakes go on meanwhile") {
  Reading reading(WitnessReader::Keep::kUntilReleased);
  for (int pid = 1; pid <= 3; pid++) {
    CHECK(reading.ring.Write(WitnessBytes(pid)));
    reading.wakes.Wait(pid);
    CHECK_EQ(reading.NextPid(), pid);
    reading.reader->WakeDelivered();
  }
  reading.reader->Release(2);
  reading.reader->Release(0);
  reading.reader->Stop();
  kmsg::KernelRing next = reading.ring.Reader();
  std::string bytes;
  CHECK(next.Read(&bytes));
  CHECK_EQ(kmsg::ParseWitnessed(bytes)->fields.pid, 3);
  CHECK(!next.Read(&bytes));
}

TEST("bytes that are no record are counted and passed over") {
  Reading reading;
  CHECK(reading.ring.Write("not a record"));
  CHECK(reading.ring.Write(WitnessBytes(1)));
  CHECK_EQ(reading.NextPid(), 1);
  CHECK_EQ(reading.reader->stats().malformed, 1u);
}

TEST("a reader stops while records come") {
  for (int round = 0; round < 50; round++) {
    Reading reading;
    for (int pid = 1; pid <= 20; pid++) reading.ring.Write(WitnessBytes(pid));
    reading.reader->Stop();
    reading.reader->Stop();
    const int wakes = reading.wakes.count();
    reading.ring.Write(WitnessBytes(21));
    CHECK_EQ(reading.wakes.count(), wakes);
  }
}
