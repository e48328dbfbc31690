#pragma once

#include <pthread.h>

#include <functional>

namespace kmsg {

/** A thread that no signal handler runs in. */
class Thread {
 public:
  Thread() = default;
  Thread(const Thread&) = delete;
  Thread& operator=(const Thread&) = delete;
  ~Thread() { Join(); }

  /** Calls `run` on a new thread, whose name has at most 15 bytes. Returns 0 or the errno. */
  int Start(const char* name, std::function<void()> run);

  /** Waits for its end, if it was started and not joined before. */
  void Join();

 private:
  static void* Run(void* self);

  const char* name_ = "";
  std::function<void()> run_;
  pthread_t thread_;
  bool started_ = false;
};

}  // namespace kmsg
