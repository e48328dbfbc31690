#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "read_chunk.h"
#include "record.h"

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

  /** All files that are used. */
  virtual std::vector<int> fds() const { return {fd()}; }

  /**
   * Reads at least one and at most `most` records into `chunk`, as many as there are and fit.
   * Returns what the last read(2) gave: the length of a record, or -errno. Never blocks.
   */
  virtual ssize_t Read(size_t most, Chunk* chunk) = 0;

  /** The number of the first record that was written after the opening; kNoSeq: none is known to
   * be. To be asked until it is known. Never blocks. */
  virtual uint64_t FirstNewSeq() { return kNoSeq; }

  /** Waits until the device or `control_fd` is readable, `timeout_us` at most. */
  virtual Readiness Wait(int control_fd, uint64_t timeout_us) = 0;
};

}  // namespace kmsg
