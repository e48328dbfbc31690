#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "../core/io_error.h"

namespace kmsg {

/**
 * The reading end of a BPF ring buffer (kernel/bpf/ringbuf.c), mapped: taking a record is no system
 * call. It has one reader's position: one thread at a time, and one process.
 */
class KernelRing {
 public:
  /** `bytes` is the ring's size. Empty: `error` says why. */
  static std::optional<KernelRing> Map(int fd, size_t bytes, IoError* error);

  /** Of memory that is laid out like the kernel's: the reader's page, the writer's page, the data
   * twice. It stays the caller's. */
  static KernelRing Over(void* memory, size_t page_bytes, size_t bytes);

  KernelRing(KernelRing&& other) noexcept;
  KernelRing& operator=(KernelRing&&) = delete;
  ~KernelRing();

  /** Copies the oldest record that was not read yet. It stays in the ring, for whoever reads it
   * after this process, until it is released. False: there is none. */
  bool Read(std::string* record);

  /** Whether there is one. */
  bool HasRecord() const;

  /** Behind the record that was read last. */
  uint64_t position() const { return position_; }

  /** The kernel may write over what lies before `position`. */
  void Release(uint64_t position);

 private:
  KernelRing(void* memory, size_t page_bytes, size_t bytes, bool owned);

  uint64_t* consumer() const { return static_cast<uint64_t*>(memory_); }
  const char* producer() const { return static_cast<const char*>(memory_) + page_bytes_; }
  const char* data() const { return producer() + page_bytes_; }

  void* memory_;
  size_t page_bytes_;
  size_t bytes_;
  bool owned_;
  uint64_t position_;
};

}  // namespace kmsg
