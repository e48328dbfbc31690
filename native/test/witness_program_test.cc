#include "../src/witness/witness_program.h"

#include <unistd.h>

#include "../src/witness/witness.h"
#include "check.h"

using kmsg::IoError;
using kmsg::Witness;
using kmsg::WitnessProgram;

namespace {

constexpr uint32_t kRingBytes = 64 * 1024;

int NextDescriptor() {
  const int fd = dup(0);
  close(fd);
  return fd;
}

}  // namespace

TEST("the running kernel takes the program, and gives all back") {
  const int before = NextDescriptor();
  {
    IoError error;
    const auto program = WitnessProgram::Load(kRingBytes, &error);
    if (!program) return check::Skip(error.message);
    CHECK_EQ(program->counts()->dropped, 0u);
  }
  CHECK_EQ(NextDescriptor(), before);
}

TEST("a ring that the kernel refuses is an error with a remedy and leaks nothing") {
  const int before = NextDescriptor();
  IoError error;
  CHECK(!WitnessProgram::Load(4097, &error));
  CHECK(error.message.find("; ") != std::string::npos);
  CHECK_EQ(NextDescriptor(), before);
}

TEST("a witness starts and stops again and again") {
  for (int round = 0; round < 10; round++) {
    IoError error;
    const auto witness = Witness::Start(
        {kRingBytes}, [] {}, &error);
    if (!witness) return check::Skip(error.message);
    witness->Stop();
    witness->Stop();
    const Witness::Stats stats = witness->stats();
    CHECK(stats.kernel.has_value());
    CHECK(stats.control != Witness::Control::kTrying);
    CHECK_EQ(stats.control_message.empty(), stats.control == Witness::Control::kAttached);
  }
}
