#include "thread.h"

#include <signal.h>

#include <utility>

namespace kmsg {

int Thread::Start(const char* name, std::function<void()> run) {
  name_ = name;
  run_ = std::move(run);
  // Node's signal handlers, and those of other addons, expect the threads they know. The new thread
  // inherits this mask.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  // Not std::thread: its constructor throws, and Node builds addons without exceptions.
  const int failure = pthread_create(&thread_, nullptr, Run, this);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  started_ = failure == 0;
  return failure;
}

void* Thread::Run(void* self) {
  const Thread* const thread = static_cast<Thread*>(self);
  pthread_setname_np(pthread_self(), thread->name_);
  thread->run_();
  return nullptr;
}

void Thread::Join() {
  if (!started_) return;
  pthread_join(thread_, nullptr);
  started_ = false;
}

}  // namespace kmsg
