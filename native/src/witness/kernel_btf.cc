#include "kernel_btf.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "../core/unique_fd.h"

namespace kmsg {
namespace {

/** Ten times what the largest kernel has. */
constexpr off_t kMaxBytes = 64 * 1024 * 1024;

bool ReadAll(int fd, char* to, size_t size) {
  for (size_t at = 0; at < size;) {
    const ssize_t got = read(fd, to + at, size - at);
    if (got == 0) errno = EIO;
    if (got <= 0) return false;
    at += static_cast<size_t>(got);
  }
  return true;
}

}  // namespace

std::optional<KernelBtf> KernelBtf::Open(const char* path, IoError* error) {
  const UniqueFd fd(open(path, O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) {
    *error = SystemError(errno, "open");
    return std::nullopt;
  }
  const off_t end = lseek(fd.get(), 0, SEEK_END);
  if (end <= 0 || end > kMaxBytes || lseek(fd.get(), 0, SEEK_SET) != 0) {
    *error = SystemError(end < 0 ? errno : EINVAL, "lseek");
    return std::nullopt;
  }
  const size_t size = static_cast<size_t>(end);
  void* memory = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd.get(), 0);
  if (memory != MAP_FAILED) return KernelBtf(memory, size);
  // Before Linux 6.16 it can only be read. Not into the heap, which would keep the memory.
  memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    *error = SystemError(errno, "mmap");
    return std::nullopt;
  }
  KernelBtf btf(memory, size);
  if (!ReadAll(fd.get(), static_cast<char*>(memory), size)) {
    *error = SystemError(errno, "read");
    return std::nullopt;
  }
  return btf;
}

KernelBtf::KernelBtf(KernelBtf&& other) noexcept
    : memory_(std::exchange(other.memory_, nullptr)), size_(std::exchange(other.size_, 0)) {}

KernelBtf::~KernelBtf() {
  if (memory_ != nullptr) munmap(memory_, size_);
}

}  // namespace kmsg
