#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

#include "../src/core/event_fd.h"
#include "../src/witness/kernel_ring.h"

/** Memory like that of a BPF ring buffer, and its writing end as kernel/bpf/ringbuf.c is. */
class FakeRing {
 public:
  static constexpr size_t kPage = 4096;
  static constexpr size_t kBytes = 64 * 1024;

  FakeRing() {
    const int fd = memfd_create("ring", MFD_CLOEXEC);
    const size_t whole = 2 * kPage + 2 * kBytes;
    if (ftruncate(fd, 2 * kPage + kBytes) != 0) abort();
    memory_ = static_cast<char*>(mmap(nullptr, whole, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
    // The data a second time, so that a record may lie across the end.
    mmap(data() + kBytes, kBytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 2 * kPage);
    close(fd);
  }
  FakeRing(const FakeRing&) = delete;
  ~FakeRing() { munmap(memory_, 2 * kPage + 2 * kBytes); }

  kmsg::KernelRing Reader() { return kmsg::KernelRing::Over(memory_, kPage, kBytes); }

  /** Readable as the ring is: while there is something in it. The test lowers it. */
  kmsg::EventFd& readable() { return readable_; }

  /** False: the ring is full. */
  bool Write(const std::string& record) {
    const uint64_t used = Load(memory_ + kPage) - Load(memory_);
    if (used + 8 + record.size() + 8 > kBytes) return false;
    End(Begin(record));
    readable_.Raise();
    return true;
  }

  size_t Begin(const std::string& record) {
    const uint64_t position = Load(memory_ + kPage);
    const size_t at = position & (kBytes - 1);
    std::memcpy(data() + at + 8, record.data(), record.size());
    SetHeader(at, static_cast<uint32_t>(record.size()) | 1u << 31);
    __atomic_store_n(reinterpret_cast<uint64_t*>(memory_ + kPage),
                     position + ((8 + record.size() + 7) & ~size_t{7}), __ATOMIC_RELEASE);
    return at;
  }
  void End(size_t at) { SetHeader(at, Header(at) & ~(1u << 31)); }
  void Discard(size_t at) { SetHeader(at, (Header(at) & ~(1u << 31)) | 1u << 30); }

 private:
  char* data() { return memory_ + 2 * kPage; }
  static uint64_t Load(const char* from) {
    return __atomic_load_n(reinterpret_cast<const uint64_t*>(from), __ATOMIC_ACQUIRE);
  }
  uint32_t Header(size_t at) { return *reinterpret_cast<uint32_t*>(data() + at); }
  void SetHeader(size_t at, uint32_t value) {
    __atomic_store_n(reinterpret_cast<uint32_t*>(data() + at), value, __ATOMIC_RELEASE);
  }

  char* memory_;
  kmsg::EventFd readable_;
};
