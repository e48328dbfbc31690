#pragma once

#include <array>
#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "../core/event_fd.h"
#include "../core/io_error.h"
#include "../core/thread.h"
#include "../core/unique_fd.h"
#include "kernel_ring.h"
#include "witnessed.h"

namespace kmsg {

/** Records that wait for the consumer; further ones wait in the kernel, which counts what it cannot
 * keep. */
constexpr size_t kWitnessedMax = 1024;

/**
 * Two threads that take records from the ring, each on a CPU of its own and, where they may, before
 * all others.
 *
 * Why two: right after the record the kernel prints the kill's line with preemption off, 3 ms on a
 * serial console, on the CPU where it has just woken the reader. A thread that was last on that CPU
 * waits so long. The median from kill to user space was 60 us with two and 3 to 10 ms with one.
 */
class WitnessReader {
 public:
  /** Whether records stay in the kernel's ring until they are released. */
  enum class Keep { kNo, kUntilReleased };

  struct Stats {
    uint64_t taken = 0;
    /** Records that no version of ours wrote, or that were not whole. */
    uint64_t malformed = 0;
  };

  /**
   * Begins to read. `fd` is the ring's, and stays open until Stop. `wake` is called on a thread of
   * ours when the consumer has something to take, once until it has answered (WakeDelivered).
   *
   * `before`: what an older program saw, oldest first. It is given out first, and what the ring
   * tells again of it is left out.
   */
  static std::unique_ptr<WitnessReader> Start(int fd, KernelRing ring, std::function<void()> wake,
                                              IoError* error, std::vector<Witnessed> before = {},
                                              Keep keep = Keep::kNo);

  ~WitnessReader() { Stop(); }

  /** No wake comes after it. Idempotent. */
  void Stop();

  void WakeDelivered();

  /** Consumer. The oldest record; empty: none. Every record that the kernel had written before this
   * call is there, or was lost. */
  std::optional<Witnessed> Take();

  /** Consumer. So many of the records that were taken, oldest first, are done with: a reader after
   * this one does not have to see them. */
  void Release(size_t count);

  Stats stats() const;

 private:
  struct Waiting {
    std::string bytes;
    uint64_t taken_us;
    /** Behind it in the ring. */
    uint64_t end;
  };

  WitnessReader(int fd, KernelRing ring, std::function<void()> wake, std::vector<Witnessed> before,
                Keep keep);

  bool WasBefore(const Witnessed& witnessed) const;
  bool PreparePolling(IoError* error);
  void Run(int cpu, int poller);
  void DrainOnce();
  bool Drain(bool* news);
  void Wake();

  const int fd_;
  const std::function<void()> wake_;
  const Keep keep_;
  EventFd stop_;
  /** Raised while the consumer has made space. */
  EventFd space_;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> wake_pending_{false};

  mutable std::mutex mutex_;
  // Under it:
  KernelRing ring_;
  const std::unique_ptr<Waiting[]> queue_;
  const std::vector<Witnessed> before_;
  size_t before_taken_ = 0;
  size_t first_ = 0;
  size_t count_ = 0;
  /** Ends of the records that were taken and not released; the ring bounds them. */
  std::deque<uint64_t> unreleased_;
  Stats stats_;

  std::array<UniqueFd, 2> pollers_;
  std::array<Thread, 2> threads_;
};

}  // namespace kmsg
