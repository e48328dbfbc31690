#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "device.h"
#include "io_error.h"
#include "log_start.h"
#include "unique_fd.h"

namespace kmsg {

/** The kernel's log, the character device 1:11. */
class KmsgDevice : public Device {
 public:
  /** Opens at the oldest record. Null: `error` says why. */
  static std::unique_ptr<KmsgDevice> Open(const std::string& path, IoError* error);

  int fd() const override { return fd_.get(); }
  std::vector<int> fds() const override;
  ssize_t Read(size_t most, Chunk* chunk) override;
  uint64_t FirstNewSeq() override { return start_.FirstNewSeq(); }
  Readiness Wait(int control_fd, uint64_t timeout_us) override;

 private:
  KmsgDevice(UniqueFd fd, const std::string& path) : start_(path), fd_(std::move(fd)) {}

  LogStart start_;
  UniqueFd fd_;
};

}  // namespace kmsg
