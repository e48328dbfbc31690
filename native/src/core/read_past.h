#pragma once

#include <cstddef>
#include <cstdint>

#include "io_error.h"
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
 * Reads on until the buffer holds one of the words, the file ends, or `most` bytes are passed. What
 * is passed over is read by one thread and searched by this one: each takes as long as the other.
 *
 * Whole records are passed: lines with the lines behind them that begin with a blank. The last
 * whole one stays in the buffer, for it may belong to what comes. Where records are too long for
 * that, nothing is passed.
 *
 * @return false: `error` is set, and the bytes that were read are lost
 */
bool ReadPast(int fd, const TextSearch& words, ReadBuffer buffer, uint64_t most, PastResult* result,
              IoError* error);

}  // namespace kmsg
