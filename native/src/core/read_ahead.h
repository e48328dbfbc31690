#pragma once

#include <sys/types.h>

#include <array>
#include <condition_variable>
#include <memory>
#include <mutex>

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
  ReadAhead(int fd, off_t offset) : fd_(fd), offset_(offset) {}
  ~ReadAhead() { Stop(); }

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
    size_t length = 0;
  };

  void Run();

  const int fd_;
  off_t offset_;
  std::array<Block, kBlocks> blocks_;
  /** How much of the oldest filled block was given out. */
  size_t taken_ = 0;

  std::mutex mutex_;
  std::condition_variable changed_;
  /** Blocks that were filled and given back, since the start. */
  size_t filled_ = 0;
  size_t emptied_ = 0;
  bool stopping_ = false;
  /** No block comes after the filled ones: the file is at its end, or `error_number_` says why. */
  bool ended_ = false;
  int error_number_ = 0;

  Thread thread_;
};

}  // namespace kmsg
