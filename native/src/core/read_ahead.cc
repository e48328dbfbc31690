#include "read_ahead.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace kmsg {

int ReadAhead::Start() {
  return thread_.Start("read-ahead", [this] { Run(); });
}

void ReadAhead::Stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.Join();
}

void ReadAhead::Run() {
  for (;;) {
    Block& block = blocks_[filled_ % kBlocks];
    {
      std::unique_lock<std::mutex> lock(mutex_);
      changed_.wait(lock, [this] { return stopping_ || filled_ - emptied_ < kBlocks; });
      if (stopping_) return;
    }
    ssize_t got = 0;
    do {
      got = pread(fd_, block.data.get(), kBlockBytes, offset_);
    } while (got < 0 && errno == EINTR);
    const std::lock_guard<std::mutex> lock(mutex_);
    if (got > 0) {
      block.length = static_cast<size_t>(got);
      offset_ += got;
      filled_++;
    } else {
      error_number_ = got < 0 ? errno : 0;
      ended_ = true;
    }
    changed_.notify_all();
    if (ended_) return;
  }
}

ssize_t ReadAhead::Read(char* data, size_t length, IoError* error) {
  const Block& block = blocks_[emptied_ % kBlocks];
  {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return ended_ || filled_ > emptied_; });
    if (filled_ == emptied_) {
      if (error_number_ == 0) return 0;
      *error = SystemError(error_number_, "read");
      return -1;
    }
  }
  const size_t got = std::min(length, block.length - taken_);
  std::memcpy(data, block.data.get() + taken_, got);
  taken_ += got;
  if (taken_ == block.length) {
    taken_ = 0;
    const std::lock_guard<std::mutex> lock(mutex_);
    emptied_++;
    changed_.notify_all();
  }
  return static_cast<ssize_t>(got);
}

}  // namespace kmsg
