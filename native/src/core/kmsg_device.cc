#include "kmsg_device.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <cerrno>

namespace kmsg {
namespace {

constexpr unsigned kMajor = 1;
constexpr unsigned kMinor = 11;

IoError OpenError(IoError error, const std::string& path) {
  error.message += " '" + path + "'";
  return error;
}

}  // namespace

std::unique_ptr<KmsgDevice> KmsgDevice::Open(const std::string& path, IoError* error) {
  UniqueFd fd(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
  if (!fd.valid()) {
    *error = OpenError(SystemError(errno, "open"), path);
    return nullptr;
  }
  struct stat status;
  if (fstat(fd.get(), &status) != 0) {
    *error = OpenError(SystemError(errno, "fstat"), path);
    return nullptr;
  }
  // Containers mount /dev/null or /dev/console over /dev/kmsg: reading there would be silence for
  // ever, not an error.
  if (!S_ISCHR(status.st_mode) || status.st_rdev != makedev(kMajor, kMinor)) {
    *error = {"ERR_NOT_KMSG", 0, "fstat",
              "ERR_NOT_KMSG: '" + path + "' is not the kernel's log (character device 1:11)"};
    return nullptr;
  }
  return std::unique_ptr<KmsgDevice>(new KmsgDevice(std::move(fd), path));
}

std::vector<int> KmsgDevice::fds() const {
  std::vector<int> all = {fd_.get()};
  if (start_.fd() >= 0) all.push_back(start_.fd());
  return all;
}

[[gnu::hot]] ssize_t KmsgDevice::Read(size_t most, Chunk* chunk) {
  return chunk->Fill(most, [fd = fd_.get()](char* buffer, size_t size) {
    const ssize_t length = read(fd, buffer, size);
    return length < 0 ? -errno : length;
  });
}

Device::Readiness KmsgDevice::Wait(int control_fd, uint64_t timeout_us) {
  // POLLPRI belongs to it: after an overrun devkmsg_poll answers POLLIN|POLLERR|POLLPRI.
  pollfd fds[] = {{fd_.get(), POLLIN | POLLPRI, 0}, {control_fd, POLLIN, 0}};
  timespec timeout = {};
  timeout.tv_sec = static_cast<time_t>(timeout_us / 1000000);
  timeout.tv_nsec = static_cast<long>(timeout_us % 1000000 * 1000);
  Readiness result;
  if (ppoll(fds, 2, &timeout, nullptr) < 0) {
    if (errno != EINTR) result.error_number = errno;
    return result;
  }
  result.readable = fds[0].revents != 0;
  result.control = fds[1].revents != 0;
  return result;
}

}  // namespace kmsg
