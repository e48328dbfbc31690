#include "read_ahead.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace kmsg {
namespace {

void Wait(sem_t* semaphore) {
  while (sem_wait(semaphore) != 0 && errno == EINTR) {
  }
}

}  // namespace

ReadAhead::ReadAhead(int fd, off_t offset) : fd_(fd), offset_(offset) {
  sem_init(&filled_, 0, 0);
  sem_init(&empty_, 0, kBlocks);
}

ReadAhead::~ReadAhead() {
  Stop();
  sem_destroy(&filled_);
  sem_destroy(&empty_);
}

int ReadAhead::Start() {
  return thread_.Start("read-ahead", [this] { Run(); });
}

void ReadAhead::Stop() {
  stopping_ = true;
  sem_post(&empty_);
  thread_.Join();
}

void ReadAhead::Run() {
  for (size_t next = 0;; next++) {
    Wait(&empty_);
    if (stopping_) return;
    Block& block = blocks_[next % kBlocks];
    ssize_t got;
    do {
      got = pread(fd_, block.data.get(), kBlockBytes, offset_);
    } while (got < 0 && errno == EINTR);
    block.error_number = got < 0 ? errno : 0;
    block.length = got < 0 ? 0 : static_cast<size_t>(got);
    offset_ += static_cast<off_t>(block.length);
    const bool is_last = block.length == 0;
    sem_post(&filled_);
    if (is_last) return;
  }
}

ssize_t ReadAhead::Read(char* data, size_t length, IoError* error) {
  if (!has_current_) Wait(&filled_);
  has_current_ = true;
  const Block& block = blocks_[current_ % kBlocks];
  if (block.length == 0) {
    if (block.error_number == 0) return 0;
    *error = SystemError(block.error_number, "read");
    return -1;
  }
  const size_t got = std::min(length, block.length - taken_);
  std::memcpy(data, block.data.get() + taken_, got);
  taken_ += got;
  if (taken_ == block.length) {
    taken_ = 0;
    current_++;
    has_current_ = false;
    sem_post(&empty_);
  }
  return static_cast<ssize_t>(got);
}

}  // namespace kmsg
