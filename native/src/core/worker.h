#pragma once

#include <semaphore.h>

#include <atomic>
#include <functional>

#include "thread.h"

namespace kmsg {

/**
 * Calls a function on a thread of its own whenever it is asked to. The thread waits and is not
 * begun for each call: a new thread has to queue behind those that run.
 */
class Worker {
 public:
  explicit Worker(std::function<void()> work);
  ~Worker();

  /** `nice`: the thread's niceness where it may have it; 0: that of the calling thread. Returns 0
   * or the errno. */
  int Start(const char* name, int nice = 0);

  /** Any thread. The function will be called once more. */
  void Ask() { sem_post(&asked_); }

  /** Waits for a call that goes on; none comes after it. */
  void Stop();

 private:
  void Run(int nice);

  const std::function<void()> work_;
  sem_t asked_;
  std::atomic<bool> stopping_{false};
  Thread thread_;
};

}  // namespace kmsg
