#pragma once

#include <memory>
#include <string>

#include "device.h"
#include "io_error.h"
#include "unique_fd.h"

namespace kmsg {

/** The kernel's log, the character device 1:11. */
class KmsgDevice : public Device {
 public:
  /** Opens at the oldest record. Null: `error` says why. */
  static std::unique_ptr<KmsgDevice> Open(const std::string& path, IoError* error);

  int fd() const override { return fd_.get(); }
  ssize_t Read(size_t most, Chunk* chunk) override;
  Readiness Wait(int control_fd, uint64_t timeout_us) override;

 private:
  explicit KmsgDevice(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
};

}  // namespace kmsg
