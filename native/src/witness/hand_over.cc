#include "hand_over.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>

#include "../core/unique_fd.h"

namespace kmsg {
namespace {

constexpr int kFirst = 3;  // SD_LISTEN_FDS_START

/** Far above those that this process has open and those that it hands over. */
constexpr int kAside = 512;

/** systemd answers at once, or is too old (246) to answer at all. */
constexpr int kBarrierMs = 2000;

/** Connected. Not valid: errno says why. */
UniqueFd Connect(const std::string& socket_path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (socket_path.empty() || socket_path.size() >= sizeof address.sun_path) {
    errno = EINVAL;
    return UniqueFd();
  }
  std::memcpy(address.sun_path, socket_path.data(), socket_path.size());
  // An abstract one's name begins with a NUL, which the environment writes as an @.
  const bool abstract = socket_path[0] == '@';
  if (abstract) address.sun_path[0] = '\0';
  const size_t length = offsetof(sockaddr_un, sun_path) + socket_path.size() + (abstract ? 0 : 1);
  UniqueFd fd(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (fd.valid() && connect(fd.get(), reinterpret_cast<const sockaddr*>(&address),
                            static_cast<socklen_t>(length)) != 0) {
    return UniqueFd();
  }
  return fd;
}

bool Send(int socket, const std::string& text, int fd) {
  iovec part = {const_cast<char*>(text.data()), text.size()};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof fd)] = {};
  if (fd >= 0) {
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    cmsghdr* const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof fd);
    std::memcpy(CMSG_DATA(header), &fd, sizeof fd);
  }
  return sendmsg(socket, &message, MSG_NOSIGNAL) >= 0;
}

/** Until all that was sent before has been done. */
bool Barrier(int socket) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return false;
  const UniqueFd reading(ends[0]);
  {
    const UniqueFd writing(ends[1]);
    if (!Send(socket, "BARRIER=1", writing.get())) return false;
  }
  pollfd closed = {reading.get(), 0, 0};
  return poll(&closed, 1, kBarrierMs) >= 0;
}

bool Fail(const std::string& socket_path, IoError* error) {
  *error = SystemError(errno, "sendmsg");
  error->message =
      "cannot hand the witness to the supervisor at '" + socket_path + "': " + error->message;
  return false;
}

}  // namespace

IoError BecomeWith(const std::vector<std::string>& command, const std::vector<NamedFdView>& fds) {
  std::vector<int> aside;
  std::string names;
  for (const NamedFdView& named : fds) {
    const int fd = fcntl(named.fd, F_DUPFD_CLOEXEC, kAside);
    if (fd < 0) return SystemError(errno, "fcntl");
    aside.push_back(fd);
    names += (names.empty() ? "" : ":") + named.name;
  }
  for (size_t i = 0; i < aside.size(); i++) {
    if (dup2(aside[i], kFirst + static_cast<int>(i)) < 0) return SystemError(errno, "dup2");
  }
  if (!fds.empty()) {
    setenv("LISTEN_PID", std::to_string(getpid()).c_str(), 1);
    setenv("LISTEN_FDS", std::to_string(fds.size()).c_str(), 1);
    setenv("LISTEN_FDNAMES", names.c_str(), 1);
  }
  // libuv marks all that Node was started with, to keep it from its children.
  for (int fd = 0; fd < kFirst; fd++) fcntl(fd, F_SETFD, 0);
  // What Node ignores its successor would ignore too.
  signal(SIGPIPE, SIG_DFL);
  std::vector<char*> arguments;
  for (const std::string& argument : command) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  execvp(arguments[0], arguments.data());
  IoError error = SystemError(errno, "execvp");
  error.message = "cannot run '" + command[0] + "': " + error.message;
  return error;
}

bool StoreAt(const std::string& socket_path, const std::vector<NamedFdView>& fds, IoError* error) {
  const UniqueFd socket = Connect(socket_path);
  if (!socket.valid()) return Fail(socket_path, error);
  for (const NamedFdView& named : fds) {
    if (!Send(socket.get(), "FDSTORE=1\nFDPOLL=0\nFDNAME=" + named.name, named.fd)) {
      return Fail(socket_path, error);
    }
  }
  return Barrier(socket.get()) || Fail(socket_path, error);
}

bool ForgetAt(const std::string& socket_path, const std::vector<std::string>& names,
              IoError* error) {
  const UniqueFd socket = Connect(socket_path);
  if (!socket.valid()) return Fail(socket_path, error);
  for (const std::string& name : names) {
    if (!Send(socket.get(), "FDSTOREREMOVE=1\nFDNAME=" + name, -1)) {
      return Fail(socket_path, error);
    }
  }
  return Barrier(socket.get()) || Fail(socket_path, error);
}

}  // namespace kmsg
