#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "../core/io_error.h"

namespace kmsg {

/** /sys/kernel/btf/vmlinux in memory. */
class KernelBtf {
 public:
  /** Empty: `error` says why. */
  static std::optional<KernelBtf> Open(const char* path, IoError* error);

  KernelBtf(KernelBtf&& other) noexcept;
  KernelBtf& operator=(KernelBtf&&) = delete;
  ~KernelBtf();

  std::string_view bytes() const { return {static_cast<const char*>(memory_), size_}; }

 private:
  KernelBtf(void* memory, size_t size) : memory_(memory), size_(size) {}

  void* memory_;
  size_t size_;
};

}  // namespace kmsg
