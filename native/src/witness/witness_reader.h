#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "../core/event_fd.h"
#include "../core/io_error.h"
#include "../core/thread.h"
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
                                              IoError* error, std::vector<Witnessed> before = {});

  ~WitnessReader() { Stop(); }

  /** No wake comes after it. Idempotent. */
  void Stop();

  void WakeDelivered();

  /** Consumer. The oldest record; empty: none. */
  std::optional<Witnessed> Take();

  Stats stats() const;

 private:
  struct Waiting {
    std::string bytes;
    uint64_t taken_us;
  };

  WitnessReader(int fd, KernelRing ring, std::function<void()> wake, std::vector<Witnessed> before);

  bool WasBefore(const Witnessed& witnessed) const;
  void Run(int cpu);
  bool DrainOnce();
  void Wake();

  const int fd_;
  const std::function<void()> wake_;
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
  Stats stats_;

  std::array<Thread, 2> threads_;
};

}  // namespace kmsg
