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

TEST("a wait on the real log ends when the control descriptor is raised") {
  const std::unique_ptr<KmsgDevice> device = OpenReal();
  if (!device) return;
  kmsg::EventFd control;
  control.Raise();
  const kmsg::Device::Readiness readiness = device->Wait(control.fd(), 10000);
  CHECK(readiness.control);
  CHECK_EQ(readiness.error_number, 0);
}
