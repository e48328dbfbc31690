#include "worker.h"

#include <sys/resource.h>

#include <utility>

namespace kmsg {

Worker::Worker(std::function<void()> work) : work_(std::move(work)) { sem_init(&asked_, 0, 0); }

Worker::~Worker() {
  Stop();
  sem_destroy(&asked_);
}

int Worker::Start(const char* name, int nice) {
  return thread_.Start(name, [this, nice] { Run(nice); });
}

void Worker::Stop() {
  stopping_.store(true, std::memory_order_release);
  Ask();
  thread_.Join();
}

void Worker::Run(int nice) {
  // On Linux a nice value is a thread's own; 0 means the calling one.
  if (nice != 0) setpriority(PRIO_PROCESS, 0, nice);
  for (;;) {
    // No signal interrupts this thread, but a debugger does.
    while (sem_wait(&asked_) != 0) continue;
    if (stopping_.load(std::memory_order_acquire)) return;
    work_();
  }
}

}  // namespace kmsg
