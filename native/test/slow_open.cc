#include "slow_open.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <condition_variable>
#include <cstring>
#include <mutex>

namespace {

std::mutex mutex;
std::condition_variable released;
bool slow = false;
int waiting_now = 0;

}  // namespace

SlowOpen::SlowOpen() {
  const std::lock_guard<std::mutex> lock(mutex);
  slow = true;
}

void SlowOpen::Release() {
  const std::lock_guard<std::mutex> lock(mutex);
  slow = false;
  released.notify_all();
}

int SlowOpen::waiting() const {
  const std::lock_guard<std::mutex> lock(mutex);
  return waiting_now;
}

// Instead of the C library's, in this program.
extern "C" int openat(int folder, const char* path, int flags, ...) {
  if (std::strcmp(path, "slow") == 0) {
    std::unique_lock<std::mutex> lock(mutex);
    waiting_now++;
    released.wait(lock, [] { return !slow; });
    waiting_now--;
    path = "zero";
  }
  return static_cast<int>(syscall(SYS_openat, folder, path, flags, 0));
}
