#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>

namespace kmsg {

/**
 * Bytes that must be free at every read. The kernel formats a record into at most 8192 bytes
 * (CONSOLE_EXT_LOG_MAX; 2048 since 6.3) and drops one that does not fit the reader's buffer.
 */
constexpr size_t kReadBytes = 8192;

/** Sixteen records are read in some 30 us: so much later is the last one's process looked at. */
constexpr size_t kChunkRecords = 16;

/**
 * Records that are read at one go and only then looked at. Each read(2) leaves the TLB and the
 * caches cold; what is done between two of them pays for that anew, what is done after them pays
 * once.
 */
struct Chunk {
  size_t records = 0;
  uint32_t lengths[kChunkRecords];
  /** One record behind the other. */
  char bytes[2 * kReadBytes];

  /**
   * Reads at most `most` records with `read_one(buffer, size)`, which answers as read(2) but
   * -errno, and returns its last answer.
   */
  template <typename ReadOne>
  ssize_t Fill(size_t most, ReadOne read_one) {
    size_t used = 0;
    ssize_t got = 0;
    records = 0;
    do {
      got = read_one(bytes + used, kReadBytes);
      if (got <= 0) break;
      lengths[records++] = static_cast<uint32_t>(got);
      used += static_cast<size_t>(got);
    } while (records < most && used <= sizeof bytes - kReadBytes);
    return got;
  }
};

}  // namespace kmsg
