#include "refusal.h"

#include <fcntl.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "../core/unique_fd.h"

namespace kmsg {
namespace {

constexpr int kSysAdmin = 21;
constexpr int kPerfmon = 38;
constexpr int kBpf = 39;

std::string ReadText(const char* path) {
  const UniqueFd fd(open(path, O_RDONLY | O_CLOEXEC));
  char text[4096];
  const ssize_t length = fd.valid() ? read(fd.get(), text, sizeof text) : -1;
  return length > 0 ? std::string(text, static_cast<size_t>(length)) : std::string();
}

unsigned long long NumberAfter(const std::string& text, const char* key, int base) {
  const size_t at = text.find(key);
  return at == std::string::npos ? 0 : strtoull(text.c_str() + at + strlen(key), nullptr, base);
}

}  // namespace

Circumstances ReadCircumstances() {
  Circumstances circumstances;
  // Capabilities and filters are a thread's own.
  const std::string status = ReadText("/proc/thread-self/status");
  circumstances.effective_capabilities = NumberAfter(status, "CapEff:", 16);
  circumstances.seccomp = static_cast<int>(NumberAfter(status, "Seccomp:", 10));
  utsname name;
  int major = 0, minor = 0;
  if (uname(&name) == 0 && sscanf(name.release, "%d.%d", &major, &minor) == 2) {
    circumstances.memory_is_locked = major < 5 || (major == 5 && minor < 11);
    circumstances.too_old = major < 5 || (major == 5 && minor < 8);
  }
  circumstances.confidential =
      ReadText("/sys/kernel/security/lockdown").find("[confidentiality]") != std::string::npos;
  return circumstances;
}

std::string Remedy(const IoError& error, const Circumstances& circumstances) {
  const auto has = [&](int capability) {
    return (circumstances.effective_capabilities >> capability & 1) != 0;
  };
  const bool capable = has(kSysAdmin) || (has(kBpf) && has(kPerfmon));
  if (std::strcmp(error.syscall, "bpf") != 0) {
    if (error.error_number == ENOENT) {
      return "this kernel does not describe its types (CONFIG_DEBUG_INFO_BTF): take one that has "
             "/sys/kernel/btf/vmlinux";
    }
    return "make /sys/kernel/btf/vmlinux readable";
  }
  if (circumstances.confidential) {
    return "lockdown=confidentiality forbids programs to read the kernel's memory: start the "
           "kernel "
           "with lockdown=integrity, or the agent before it is locked down";
  }
  switch (error.error_number) {
    case EPERM:
    case EACCES:
      if (!capable) {
        return "the capabilities CAP_BPF and CAP_PERFMON (before Linux 5.8: CAP_SYS_ADMIN) are "
               "missing: start the agent by `oomwatcher witness load`, or give them to what starts "
               "it";
      }
      if (circumstances.seccomp != 0) {
        return "a seccomp filter forbids bpf(2): allow it in the profile of the container or "
               "service";
      }
      if (circumstances.memory_is_locked) {
        return "memory for maps counts as locked memory on this kernel: raise RLIMIT_MEMLOCK, or "
               "give CAP_SYS_RESOURCE too";
      }
      return "the kernel refuses it to everybody: see its log, and what security module or "
             "user namespace it runs in";
    case ENOSYS:
      return "this kernel has no bpf(2): take one with CONFIG_BPF_SYSCALL";
    case EINVAL:
      // lockdown=confidentiality takes the helpers away that read the kernel's memory, and the
      // verifier does not know them.
      return circumstances.too_old
                 ? "this kernel is too old for it: Linux 5.8 is the first with what it needs"
                 : "this kernel is probably locked down (lockdown=confidentiality), which forbids "
                   "programs to read its memory: start it with lockdown=integrity, or the agent "
                   "before it is locked down";
    case ENOMEM:
      return "raise the memory limit of the agent's cgroup";
    default:
      return "please report it with the kernel's version";
  }
}

}  // namespace kmsg
