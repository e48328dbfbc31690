#include "../src/witness/hand_over.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "../src/core/unique_fd.h"
#include "check.h"

using kmsg::IoError;
using kmsg::UniqueFd;

namespace {

/** Plays systemd's part of sd_notify(3): what is sent, and how many descriptors came with it. */
class Supervisor {
 public:
  Supervisor() {
    char path[] = "/tmp/oomw-notify-XXXXXX";
    if (mkdtemp(path) == nullptr) return;
    folder_ = path;
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    std::strcpy(address.sun_path, Path().c_str());
    bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
    thread_ = std::thread([this] {
      while (Receive()) {
      }
    });
  }
  ~Supervisor() {
    unlink(Path().c_str());
    rmdir(folder_.c_str());
  }

  std::string Path() const { return folder_ + "/socket"; }

  /** Until the first barrier. */
  std::vector<std::string> Said() {
    thread_.join();
    return said_;
  }

 private:
  bool Receive() {
    char text[256] = {};
    iovec part = {text, sizeof text};
    alignas(cmsghdr) char control[256];
    msghdr message = {};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    if (recvmsg(socket_.get(), &message, 0) < 0) return false;
    std::string said(text);
    if (const cmsghdr* const header = CMSG_FIRSTHDR(&message)) {
      int fd;
      std::memcpy(&fd, CMSG_DATA(header), sizeof fd);
      close(fd);
      said += " +1";
    }
    said_.push_back(said);
    return said.rfind("BARRIER=1", 0) != 0;
  }

  std::string folder_;
  UniqueFd socket_{socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  std::vector<std::string> said_;
  std::thread thread_;
};

}  // namespace

TEST("systemd is given each descriptor under its name, and has taken it when that returns") {
  Supervisor supervisor;
  IoError error;
  CHECK(kmsg::StoreAt(supervisor.Path(), {{"a-ring", 0}, {"a-pins", 1}}, &error));
  const std::vector<std::string> said = supervisor.Said();
  CHECK_EQ(said.size(), 3u);
  CHECK_EQ(said[0], "FDSTORE=1\nFDPOLL=0\nFDNAME=a-ring +1");
  CHECK_EQ(said[1], "FDSTORE=1\nFDPOLL=0\nFDNAME=a-pins +1");
  CHECK_EQ(said[2], "BARRIER=1 +1");
}

TEST("systemd is told what to forget") {
  Supervisor supervisor;
  IoError error;
  CHECK(kmsg::ForgetAt(supervisor.Path(), {"a-ring"}, &error));
  CHECK_EQ(supervisor.Said()[0], "FDSTOREREMOVE=1\nFDNAME=a-ring");
}

TEST("a supervisor that is not there is an error") {
  IoError error;
  CHECK(!kmsg::StoreAt("/nonexistent/socket", {{"a", 0}}, &error));
  CHECK(error.message.find("/nonexistent/socket") != std::string::npos);
  CHECK(!kmsg::StoreAt(std::string(200, 'x'), {{"a", 0}}, &error));
}

TEST("a command has the descriptors from 3 on, their names, and all that it is given") {
  char path[] = "/tmp/oomw-become-XXXXXX";
  const UniqueFd file(mkstemp(path));
  const std::string script =
      "{ read -r line <&4; echo \"$line $LISTEN_FDS $LISTEN_FDNAMES $1\"; "
      "[ $$ = $LISTEN_PID ] && echo own; } >" +
      std::string(path);
  int ends[2];
  CHECK_EQ(pipe2(ends, O_CLOEXEC), 0);
  const UniqueFd reading(ends[0]);
  UniqueFd writing(ends[1]);
  CHECK_EQ(write(writing.get(), "hello\n", 6), 6);
  const pid_t child = fork();
  if (child == 0) {
    kmsg::BecomeWith({"sh", "-c", script, "sh", "word"}, {{"x", 0}, {"y", reading.get()}});
    _exit(9);
  }
  int status = -1;
  waitpid(child, &status, 0);
  CHECK_EQ(status, 0);
  std::ifstream told(path);
  std::string first, second;
  std::getline(told, first);
  std::getline(told, second);
  CHECK_EQ(first, "hello 2 x:y word");
  CHECK_EQ(second, "own");
  unlink(path);
}

TEST("a command that is not there is an error that names it") {
  const pid_t child = fork();
  if (child == 0) {
    const IoError error = kmsg::BecomeWith({"/nonexistent/command"}, {});
    _exit(error.code == "ENOENT" && error.message.find("/nonexistent/command") != std::string::npos
              ? 0
              : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  CHECK_EQ(status, 0);
}
