#include "../src/core/file_table.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <functional>
#include <future>
#include <thread>
#include <vector>

#include "check.h"

namespace {

bool IsOpen(int fd) { return fcntl(fd, F_GETFD) >= 0; }

struct Pipe {
  Pipe() { CHECK_EQ(pipe2(ends, O_CLOEXEC), 0); }
  ~Pipe() {
    close(ends[0]);
    if (ends[1] >= 0) close(ends[1]);
  }

  int ends[2];
};

/** Calls `inside` on a thread that has only `keep`, and `meanwhile` on this one before it ends. */
void OnThreadWith(const std::vector<int>& keep, const std::function<void()>& inside,
                  const std::function<void()>& meanwhile) {
  std::promise<bool> begun;
  std::promise<void> end;
  std::thread thread([&] {
    const bool possible = kmsg::UnshareFileTable(keep);
    if (possible) inside();
    begun.set_value(possible);
    end.get_future().wait();
  });
  if (begun.get_future().get()) {
    meanwhile();
  } else {
    check::Skip("close_range(2) cannot unshare here");
  }
  end.set_value();
  thread.join();
}

}  // namespace

TEST("a file that is closed is not held open by a thread with a table of its own") {
  Pipe pipe;
  OnThreadWith(
      {STDERR_FILENO}, [] {},
      [&] {
        close(pipe.ends[1]);
        pipe.ends[1] = -1;
        pollfd reading = {pipe.ends[0], POLLIN, 0};
        CHECK_EQ(poll(&reading, 1, 0), 1);
        CHECK(reading.revents & POLLHUP);
      });
}

TEST("what a thread keeps is open in it, in any order and twice, and all stays open for others") {
  Pipe a, b;
  OnThreadWith(
      {b.ends[0], a.ends[1], a.ends[1], STDERR_FILENO},
      [&] {
        for (const int fd : {STDERR_FILENO, a.ends[1], b.ends[0]}) CHECK(IsOpen(fd));
        for (const int fd : {STDIN_FILENO, STDOUT_FILENO, a.ends[0], b.ends[1]}) CHECK(!IsOpen(fd));
      },
      [&] {
        for (const int fd : {STDIN_FILENO, STDOUT_FILENO, a.ends[0], b.ends[1]}) CHECK(IsOpen(fd));
      });
}
