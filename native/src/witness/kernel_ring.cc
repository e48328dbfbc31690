#include "kernel_ring.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace kmsg {
namespace {

// include/uapi/linux/bpf.h
constexpr uint32_t kBusy = 1u << 31;
constexpr uint32_t kDiscarded = 1u << 30;
constexpr size_t kHeaderBytes = 8;

uint64_t LoadAcquire(const void* from) {
  return __atomic_load_n(static_cast<const uint64_t*>(from), __ATOMIC_ACQUIRE);
}

}  // namespace

KernelRing::KernelRing(void* memory, size_t page_bytes, size_t bytes, bool owned)
    : memory_(memory), page_bytes_(page_bytes), bytes_(bytes), owned_(owned), position_(0) {}

KernelRing KernelRing::Over(void* memory, size_t page_bytes, size_t bytes) {
  KernelRing ring(memory, page_bytes, bytes, false);
  ring.position_ = LoadAcquire(ring.consumer());
  return ring;
}

std::optional<KernelRing> KernelRing::Map(int fd, size_t bytes, IoError* error) {
  const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  // The kernel lets only the reader's page be written, so that is mapped over the rest.
  const size_t whole = 2 * page + 2 * bytes;
  void* const memory = mmap(nullptr, whole, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    *error = SystemError(errno, "mmap");
    return std::nullopt;
  }
  KernelRing ring(memory, page, bytes, true);
  char* const rest = static_cast<char*>(memory) + page;
  if (mmap(memory, page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) == MAP_FAILED ||
      mmap(rest, whole - page, PROT_READ, MAP_SHARED | MAP_FIXED, fd, static_cast<off_t>(page)) ==
          MAP_FAILED) {
    *error = SystemError(errno, "mmap");
    return std::nullopt;
  }
  ring.position_ = LoadAcquire(ring.consumer());
  return ring;
}

KernelRing::KernelRing(KernelRing&& other) noexcept
    : memory_(other.memory_),
      page_bytes_(other.page_bytes_),
      bytes_(other.bytes_),
      owned_(std::exchange(other.owned_, false)),
      position_(other.position_) {}

KernelRing::~KernelRing() {
  if (owned_) munmap(memory_, 2 * page_bytes_ + 2 * bytes_);
}

bool KernelRing::HasRecord() const { return position_ != LoadAcquire(producer()); }

bool KernelRing::Read(std::string* record) {
  const uint64_t end = LoadAcquire(producer());
  while (position_ < end) {
    const char* const header = data() + (position_ & (bytes_ - 1));
    const uint32_t length =
        __atomic_load_n(reinterpret_cast<const uint32_t*>(header), __ATOMIC_ACQUIRE);
    // Another CPU is still writing it, and wakes us when it has.
    if ((length & kBusy) != 0) return false;
    const size_t bytes = length & ~kDiscarded;
    if ((length & kDiscarded) == 0) record->assign(header + kHeaderBytes, bytes);
    position_ += (kHeaderBytes + bytes + 7) & ~size_t{7};
    if ((length & kDiscarded) == 0) return true;
  }
  return false;
}

void KernelRing::Release(uint64_t position) {
  __atomic_store_n(consumer(), position, __ATOMIC_RELEASE);
}

}  // namespace kmsg
