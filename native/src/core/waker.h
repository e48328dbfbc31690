#pragma once

#include <semaphore.h>

#include <atomic>
#include <functional>

#include "thread.h"

namespace kmsg {

/**
 * Wakes the consumer, on a thread of its own. To wake a sleeping one takes microseconds, in which
 * the thread that reads the log would not read; and that thread may lack the file descriptor by
 * which it is done (UnshareFileTable).
 */
class Waker {
 public:
  explicit Waker(std::function<void()> wake);
  ~Waker();

  /** Returns 0 or the errno. */
  int Start();

  /** Any thread. `wake` will be called once more. */
  void Wake() { sem_post(&wanted_); }

  /** Waits for a call that goes on; none comes after it. */
  void Stop();

 private:
  void Run();

  const std::function<void()> wake_;
  sem_t wanted_;
  std::atomic<bool> stopping_{false};
  Thread thread_;
};

}  // namespace kmsg
