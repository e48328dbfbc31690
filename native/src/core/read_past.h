#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <memory>

#include "io_error.h"
#include "scan_ahead.h"
#include "text_search.h"

namespace kmsg {

/** What a file is read into. */
struct ReadBuffer {
  char* data;
  size_t capacity;
  /** Bytes at the front that were read before. */
  size_t held;
};

struct PastResult {
  /** Bytes, the held ones first, that have none of the words and are gone. */
  uint64_t passed = 0;
  /** Bytes that are in the buffer now. */
  size_t length = 0;
  /** The file is at its end. */
  bool ended = false;
};

/**
 * Reads one file past what has none of the words. Its threads go on searching while nobody reads;
 * what they find is asked for when the words are reached.
 */
class PastReader {
 public:
  /** The words have no newlines. */
  explicit PastReader(std::shared_ptr<const TextSearch> words) : words_(std::move(words)) {}

  /**
   * Reads on until the buffer holds one of the words, the file ends, or `max` bytes are passed.
   *
   * Whole records are passed: lines with the lines behind them that begin with a blank. The last
   * whole one stays in the buffer, for it may belong to what comes. Where records are too long for
   * that, nothing is passed.
   *
   * @return false: `error` is set, and the bytes that were read are lost
   */
  bool Read(int fd, ReadBuffer buffer, uint64_t max, PastResult* result, IoError* error);

  /** Ends the threads; `Read` begins them again. */
  void Stop() { ahead_.reset(); }

 private:
  bool ScansAhead(int fd, off_t begin, size_t capacity);

  const std::shared_ptr<const TextSearch> words_;
  /** Absent: not begun, or the file has no position, as a pipe. */
  std::unique_ptr<ScanAhead> ahead_;
};

}  // namespace kmsg
