#include "snapshot_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "unique_fd.h"

namespace kmsg {
namespace {

/** The bytes read, or -errno. */
int32_t ReadFile(int folder, const std::string& name, char* out) {
  if (folder < 0) return folder;
  const UniqueFd fd(openat(folder, name.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
  if (!fd.valid()) return -errno;
  size_t length = 0;
  while (length < kSnapshotFileBytes) {
    const ssize_t got = read(fd.get(), out + length, kSnapshotFileBytes - length);
    if (got == 0) break;
    if (got > 0) {
      length += static_cast<size_t>(got);
    } else if (errno != EINTR) {
      return -errno;
    }
  }
  return static_cast<int32_t>(length);
}

}  // namespace

size_t ReadSnapshotFile(int folder, const std::string& name, char* out) {
  const int32_t length = ReadFile(folder, name, out + sizeof length);
  const uint32_t bits = static_cast<uint32_t>(length);
  for (size_t i = 0; i < sizeof bits; i++) out[i] = static_cast<char>(bits >> (8 * i) & 0xff);
  return sizeof bits + (length > 0 ? static_cast<size_t>(length) : 0);
}

}  // namespace kmsg
