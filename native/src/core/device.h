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

  /** As read(2): the length of one record, or -errno. Never blocks. */
  virtual ssize_t Read(char* buffer, size_t size) = 0;

  /** Waits until the device or `control_fd` is readable, `timeout_us` at most. */
  virtual Readiness Wait(int control_fd, uint64_t timeout_us) = 0;
};

}  // namespace kmsg
