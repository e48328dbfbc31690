#include "pins.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <memory>

#include "bpf.h"

namespace kmsg {
namespace {

constexpr uint32_t kBpffs = 0xcafe4a11;  // BPF_FS_MAGIC, include/uapi/linux/magic.h

// No dots: the kernel refuses names with one here.
constexpr char kCurrent[] = "/current";
constexpr char kNext[] = "/next";
constexpr char kOld[] = "/old";

IoError PathError(int error_number, const char* syscall, const std::string& path) {
  IoError error = SystemError(error_number, syscall);
  error.message += " '" + path + "'";
  return error;
}

/** A folder without folders in it. */
void RemoveFolder(const std::string& path) {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(opendir(path.c_str()), closedir);
  if (!folder) return;
  while (const dirent* entry = readdir(folder.get())) {
    if (entry->d_name[0] != '.') unlink((path + '/' + entry->d_name).c_str());
  }
  rmdir(path.c_str());
}

bool IsBpffs(const std::string& path) {
  struct statfs status;
  return statfs(path.c_str(), &status) == 0 && static_cast<uint32_t>(status.f_type) == kBpffs;
}

}  // namespace

std::optional<PinDirectory> PinDirectory::Open(const std::string& path, IoError* error) {
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    *error = PathError(errno, "mkdir", path);
    return std::nullopt;
  }
  if (!IsBpffs(path)) {
    *error = {"ERR_NOT_BPFFS", 0, "statfs",
              "ERR_NOT_BPFFS: '" + path +
                  "' is not in a BPF file system; mount one there: mount -t bpf bpf /sys/fs/bpf"};
    rmdir(path.c_str());
    return std::nullopt;
  }
  UniqueFd lock(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!lock.valid()) {
    *error = PathError(errno, "open", path);
    return std::nullopt;
  }
  if (flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) {
      *error = {"ERR_PINS_IN_USE", 0, "flock",
                "ERR_PINS_IN_USE: another agent reads the witness in '" + path +
                    "'; stop it, or give one of them another folder"};
    } else {
      *error = PathError(errno, "flock", path);
    }
    return std::nullopt;
  }
  PinDirectory pins(path, std::move(lock));
  RemoveFolder(path + kNext);
  // An agent was killed between the two renames of CommitSet: the old set is the complete one.
  if (!pins.HasSet()) rename((path + kOld).c_str(), (path + kCurrent).c_str());
  RemoveFolder(path + kOld);
  return pins;
}

bool PinDirectory::HasSet() const { return access((path_ + kCurrent).c_str(), F_OK) == 0; }

UniqueFd PinDirectory::OpenObject(const char* name, int* error_number) const {
  const int fd = bpf::OpenPin(path_ + kCurrent + '/' + name);
  *error_number = fd < 0 ? -fd : 0;
  return UniqueFd(fd < 0 ? -1 : fd);
}

int PinDirectory::BeginSet() { return mkdir((path_ + kNext).c_str(), 0700) == 0 ? 0 : errno; }

int PinDirectory::Pin(int fd, const char* name) const {
  const int result = bpf::Pin(fd, path_ + kNext + '/' + name);
  return result < 0 ? -result : 0;
}

int PinDirectory::PinInSet(int fd, const char* name) const {
  const int result = bpf::Pin(fd, path_ + kCurrent + '/' + name);
  return result < 0 ? -result : 0;
}

int PinDirectory::CommitSet() {
  // bpffs cannot exchange two names, nor put a folder in a full one's place.
  if (HasSet() && rename((path_ + kCurrent).c_str(), (path_ + kOld).c_str()) != 0) return errno;
  if (rename((path_ + kNext).c_str(), (path_ + kCurrent).c_str()) != 0) return errno;
  RemoveFolder(path_ + kOld);
  return 0;
}

void PinDirectory::Remove() const {
  RemoveFolder(path_ + kCurrent);
  rmdir(path_.c_str());
}

bool RemovePins(const std::string& path, IoError* error) {
  if (access(path.c_str(), F_OK) != 0 && errno == ENOENT) return true;
  const std::optional<PinDirectory> pins = PinDirectory::Open(path, error);
  if (!pins) return false;
  pins->Remove();
  return true;
}

}  // namespace kmsg
