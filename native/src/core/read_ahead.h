#pragma once

#include <semaphore.h>
#include <sys/types.h>

#include <array>
#include <atomic>
#include <memory>

#include "io_error.h"
#include "thread.h"

namespace kmsg {

/**
 * Reads a regular file ahead of its reader on a thread of its own, a few blocks at most. Where the
 * file's position is does not matter and does not change.
 */
class ReadAhead {
 public:
  /** Does not own `fd`. */
  ReadAhead(int fd, off_t offset);
  ~ReadAhead();

  /** Returns 0 or the errno. */
  int Start();

  /** As read(2), on from `offset`: at least one byte, 0 at the end; -1: `error` is set. */
  ssize_t Read(char* data, size_t length, IoError* error);

  /** Waits for a read that goes on. */
  void Stop();

 private:
  static constexpr size_t kBlockBytes = 256 * 1024;
  static constexpr size_t kBlocks = 4;

  struct Block {
    std::unique_ptr<char[]> data{new char[kBlockBytes]};
    /** 0: the file is at its end, or `error_number` says why it cannot be read; the last block. */
    size_t length = 0;
    int error_number = 0;
  };

  void Run();

  const int fd_;
  off_t offset_;
  std::array<Block, kBlocks> blocks_;
  // Not a condition variable, whose wait asks for the libstdc++ of GCC 12 (GLIBCXX_3.4.30).
  sem_t filled_;
  sem_t empty_;
  std::atomic<bool> stopping_{false};

  /** The block that is given out, how much of it was, and whether it was waited for. */
  size_t current_ = 0;
  size_t taken_ = 0;
  bool has_current_ = false;

  Thread thread_;
};

}  // namespace kmsg
