#include "bpffs.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <cstdint>
#include <fstream>
#include <sstream>

#include "../core/unique_fd.h"

namespace kmsg {
namespace {

constexpr uint32_t kMagic = 0xcafe4a11;   // BPF_FS_MAGIC, include/uapi/linux/magic.h
constexpr ino_t kHostsPids = 0xeffffffc;  // PROC_PID_INIT_INO, include/linux/proc_ns.h

constexpr char kPlace[] = "/sys/fs/bpf";

/** 0: it cannot be looked at. */
ino_t NumberOf(const char* path) {
  const UniqueFd fd(open(path, O_RDONLY | O_CLOEXEC));
  struct stat status;
  return fd.valid() && fstat(fd.get(), &status) == 0 ? status.st_ino : 0;
}

/** Whether what is mounted there shows on the host too. */
bool IsSeenByHost() {
  const ino_t mounts = NumberOf("/proc/self/ns/mnt");
  if (NumberOf("/proc/self/ns/pid") == kHostsPids && mounts == NumberOf("/proc/1/ns/mnt")) {
    return mounts != 0;
  }
  // The last mount that the place is in: `shared:N` among its optional fields (proc(5)).
  std::ifstream table("/proc/self/mountinfo");
  std::string line;
  bool shared = false;
  while (std::getline(table, line)) {
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
