#include "../src/witness/refusal.h"

#include <cerrno>
#include <string>

#include "check.h"

using kmsg::Circumstances;
using kmsg::Remedy;
using kmsg::SystemError;

namespace {

constexpr uint64_t kAll = ~uint64_t{0};

bool Says(int error_number, const Circumstances& circumstances, const char* word) {
  return Remedy(SystemError(error_number, "bpf"), circumstances).find(word) != std::string::npos;
}

}  // namespace

TEST("one EPERM is told from another") {
  CHECK(Says(EPERM, {0, 2, true, false}, "CAP_BPF and CAP_PERFMON"));
  // CAP_BPF without CAP_PERFMON makes maps, but no program.
  CHECK(Says(EPERM, {uint64_t{1} << 39, 0, false, false}, "CAP_BPF and CAP_PERFMON"));
  CHECK(Says(EPERM, {uint64_t{3} << 38, 2, true, false}, "seccomp"));
  CHECK(Says(EPERM, {uint64_t{1} << 21, 2, true, false}, "seccomp"));
  CHECK(Says(EPERM, {kAll, 0, true, false}, "RLIMIT_MEMLOCK"));
  CHECK(Says(EPERM, {kAll, 0, false, false}, "to everybody"));
}

TEST("what else may be refused has its remedy") {
  CHECK(Says(EINVAL, {kAll, 0, false, true}, "lockdown"));
  CHECK(Says(EINVAL, {kAll, 0, true, false, true}, "too old"));
  // Where securityfs is not mounted the lockdown cannot be seen.
  CHECK(Says(EINVAL, {kAll, 0, false, false}, "lockdown"));
  CHECK(Says(ENOSYS, {kAll, 0, false, false}, "CONFIG_BPF_SYSCALL"));
  CHECK(Says(ENOMEM, {kAll, 0, false, false}, "memory limit"));
  CHECK(Remedy(SystemError(ENOENT, "open"), {}).find("CONFIG_DEBUG_INFO_BTF") != std::string::npos);
}

TEST("the circumstances of this thread can be read") {
  const Circumstances circumstances = kmsg::ReadCircumstances();
  CHECK(circumstances.seccomp >= 0 && circumstances.seccomp <= 2);
}
