#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>

#include "read_chunk.h"

namespace kmsg {

/** Where records come from; the tests script one. */
class Device {
 public:
  struct Readiness {
    bool readable = false;
    bool control = false;
    /** The errno of a poll that failed, else 0. */
    int error_number = 0;
  };

  virtual ~Device() = default;

  /** The file that Read and Wait use. */
  virtual int fd() const = 0;

  /**
   * Reads at least one and at most `most` records into `chunk`, as many as there are and fit.
   * Returns what the last read(2) gave: the length of a record, or -errno. Never blocks.
   */
  virtual ssize_t Read(size_t most, Chunk* chunk) = 0;

  /** Waits until the device or `control_fd` is readable, `timeout_us` at most. */
  virtual Readiness Wait(int control_fd, uint64_t timeout_us) = 0;
};

}  // namespace kmsg
