#include "../src/core/kmsg_device.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "../src/core/event_fd.h"
#include "check.h"

using kmsg::IoError;
using kmsg::KmsgDevice;

namespace {

IoError OpenFails(const std::string& path) {
  IoError error;
  CHECK(KmsgDevice::Open(path, &error) == nullptr);
  CHECK(error.message.find("'" + path + "'") != std::string::npos);
  return error;
}

std::unique_ptr<KmsgDevice> OpenReal() {
  IoError error;
  std::unique_ptr<KmsgDevice> device = KmsgDevice::Open("/dev/kmsg", &error);
  if (!device) check::Skip("the kernel's log cannot be read here: " + error.message);
  return device;
}

}  // namespace

TEST("what is mounted over /dev/kmsg is not taken for the log") {
  for (const char* path : {"/dev/null", "/dev/zero", "/proc/self/status", "/tmp"}) {
    const IoError error = OpenFails(path);
    CHECK_EQ(error.code, "ERR_NOT_KMSG");
    CHECK_EQ(error.error_number, 0);
    CHECK_EQ(std::string(error.syscall), "fstat");
  }
}

TEST("a device that cannot be opened says why") {
  const IoError error = OpenFails("/nonexistent/kmsg");
  CHECK_EQ(error.code, "ENOENT");
  CHECK_EQ(error.error_number, ENOENT);
  CHECK_EQ(std::string(error.syscall), "open");
}

TEST("a failed open leaks no descriptor") {
  const int before = dup(0);
  close(before);
  OpenFails("/dev/null");
  const int after = dup(0);
  close(after);
  CHECK_EQ(after, before);
}

TEST("the real log gives records and then EAGAIN, never blocks") {
  const std::unique_ptr<KmsgDevice> device = OpenReal();
  if (!device) return;
  kmsg::Chunk chunk;
  ssize_t got = 0;
  size_t records = 0;
  do {
    got = device->Read(kmsg::kChunkRecords, &chunk);
    records += chunk.records;
  } while (got > 0 || got == -EPIPE);
  CHECK_EQ(got, -EAGAIN);
  CHECK(records > 0);
}

TEST("what is new in the real log is the first record after the opening") {
  const std::unique_ptr<KmsgDevice> device = OpenReal();
  if (!device) return;
  const int log = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
  const std::string text = "oomwatcher: is new\n";
  if (log < 0 || write(log, text.data(), text.size()) < 0) {
    check::Skip("the kernel's log cannot be written here");
    return;
  }
  close(log);
  const uint64_t first_new = device->FirstNewSeq();
  CHECK(first_new != kmsg::kNoSeq);
  kmsg::Chunk chunk;
  kmsg::Record record;
  uint64_t newest = 0;
  bool is_found = false;
  for (ssize_t got = 1; got > 0 || got == -EPIPE;) {
    got = device->Read(1, &chunk);
    if (got <= 0 || !kmsg::SplitRecord({chunk.bytes, chunk.lengths[0]}, &record)) continue;
    newest = record.seq;
    // Somebody else may have written first.
    if (record.text.find("oomwatcher: is new") != std::string_view::npos)
      is_found = record.seq >= first_new && record.seq < first_new + 100;
  }
  CHECK(is_found);
  CHECK(newest >= first_new);
}

TEST("a wait on the real log ends when the control descriptor is raised") {
  const std::unique_ptr<KmsgDevice> device = OpenReal();
  if (!device) return;
  kmsg::EventFd control;
  control.Raise();
  const kmsg::Device::Readiness readiness = device->Wait(control.fd(), 10000);
  CHECK(readiness.control);
  CHECK_EQ(readiness.error_number, 0);
}
