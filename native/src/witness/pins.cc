#include "pins.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "bpf.h"
#include "bpffs.h"

namespace kmsg {
namespace {

// No dots: the kernel refuses names with one here.
constexpr char kCurrent[] = "/current";
constexpr char kNext[] = "/next";
constexpr char kOld[] = "/old";

IoError PathError(int error_number, const char* syscall, const std::string& path) {
  IoError error = SystemError(error_number, syscall);
  error.message += " '" + path + "'";
  if (error_number == EACCES || error_number == EPERM || error_number == EROFS) {
    error.message += "; root may, as `oomwatcher witness load` before the agent starts";
  } else if (error_number == ENOENT) {
    error.message +=
        "; name a folder in a BPF file system, which is mounted by: "
        "mount -t bpf bpf /sys/fs/bpf";
  }
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

bool IsOurName(const char* name) {
  return name[0] == '.' || strcmp(name, kCurrent + 1) == 0 || strcmp(name, kNext + 1) == 0 ||
         strcmp(name, kOld + 1) == 0;
}

/** Why it is not ours, in words; empty: it is. */
std::string ForeignReason(const std::string& path, int fd) {
  struct stat status;
  if (fstat(fd, &status) != 0) return "cannot be looked at";
  if (status.st_uid != geteuid()) {
    return "belongs to user " + std::to_string(status.st_uid) + ", not to " +
           std::to_string(geteuid());
  }
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) return "may be written by others";
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(opendir(path.c_str()), closedir);
  while (const dirent* entry = folder ? readdir(folder.get()) : nullptr) {
    if (!IsOurName(entry->d_name)) return std::string("holds pins of another program");
  }
  return {};
}

}  // namespace

std::optional<PinDirectory> PinDirectory::Open(const std::string& path, IoError* error) {
  MountBpffs(path);
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
  const std::string foreign = ForeignReason(path, lock.get());
  if (!foreign.empty()) {
    *error = {
        "ERR_PINS_FOREIGN", 0, "open",
        "ERR_PINS_FOREIGN: '" + path + "' " + foreign + "; remove it, or name another folder"};
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

UniqueFd PinDirectory::OpenRingBefore() const {
  int error_number = 0;
  return OpenObject(kRingBeforeName, &error_number);
}

void PinDirectory::RemoveRingBefore() const {
  unlink((path_ + kCurrent + '/' + kRingBeforeName).c_str());
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
