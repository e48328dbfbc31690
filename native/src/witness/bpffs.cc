#include "bpffs.h"

#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <cstdint>
#include <fstream>
#include <sstream>

namespace kmsg {
namespace {

constexpr uint32_t kMagic = 0xcafe4a11;   // BPF_FS_MAGIC, include/uapi/linux/magic.h
constexpr ino_t kHostsPids = 0xeffffffc;  // PROC_PID_INIT_INO, include/linux/proc_ns.h

constexpr char kPlace[] = "/sys/fs/bpf";

bool IsSame(const char* a, const char* b) {
  struct stat one, other;
  return stat(a, &one) == 0 && stat(b, &other) == 0 && one.st_ino == other.st_ino;
}

/** Whether what is mounted there shows on the host too. */
bool IsSeenByHost() {
  struct stat pids;
  if (stat("/proc/self/ns/pid", &pids) == 0 && pids.st_ino == kHostsPids &&
      IsSame("/proc/self/ns/mnt", "/proc/1/ns/mnt")) {
    return true;
  }
  // The last mount that the place is in: `shared:N` among its optional fields (proc(5)).
  std::ifstream mounts("/proc/self/mountinfo");
  std::string line;
  bool shared = false;
  while (std::getline(mounts, line)) {
    std::istringstream fields(line);
    std::string id, parent, device, root, point;
    fields >> id >> parent >> device >> root >> point;
    const bool holds_place = point == kPlace || point == "/sys/fs" || point == "/sys";
    if (holds_place) shared = line.find(" shared:") < line.find(" - ");
  }
  return shared;
}

}  // namespace

bool IsBpffs(const std::string& path) {
  struct statfs status;
  return statfs(path.c_str(), &status) == 0 && static_cast<uint32_t>(status.f_type) == kMagic;
}

void MountBpffs(const std::string& path) {
  if (path.rfind(std::string(kPlace) + '/', 0) != 0 || IsBpffs(kPlace) || !IsSeenByHost()) return;
  mount("bpf", kPlace, "bpf", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=700");
}

}  // namespace kmsg
