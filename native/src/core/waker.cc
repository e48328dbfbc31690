#include "waker.h"

#include <utility>

namespace kmsg {
namespace {

constexpr char kThreadName[] = "oomw-wake";

}  // namespace

Waker::Waker(std::function<void()> wake) : wake_(std::move(wake)) { sem_init(&wanted_, 0, 0); }

Waker::~Waker() {
  Stop();
  sem_destroy(&wanted_);
}

int Waker::Start() {
  return thread_.Start(kThreadName, [this] { Run(); });
}

void Waker::Stop() {
  stopping_.store(true, std::memory_order_release);
  Wake();
  thread_.Join();
}

void Waker::Run() {
  for (;;) {
    // No signal interrupts this thread, but a debugger does.
    while (sem_wait(&wanted_) != 0) continue;
    if (stopping_.load(std::memory_order_acquire)) return;
    wake_();
  }
}

}  // namespace kmsg
