#pragma once

#include <sys/eventfd.h>

#include <cstdint>

#include "unique_fd.h"

namespace kmsg {

/** A level that one thread raises and another one polls for and lowers. */
class EventFd {
 public:
  EventFd() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

  bool valid() const { return fd_.valid(); }
  int fd() const { return fd_.get(); }

  // Neither call can fail in a way that matters: EAGAIN means that the level is raised, or lowered,
  // already.
  void Raise() {
    const uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = write(fd_.get(), &one, sizeof one);
  }
  void Lower() {
    uint64_t count;
    [[maybe_unused]] const ssize_t got = read(fd_.get(), &count, sizeof count);
  }

 private:
  UniqueFd fd_;
};

}  // namespace kmsg
