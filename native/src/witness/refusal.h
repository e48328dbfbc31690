#pragma once

#include <cstdint>
#include <string>

#include "../core/io_error.h"

namespace kmsg {

/** What the kernel says about the calling thread and itself, by which one EPERM is told from
 * another. */
struct Circumstances {
  uint64_t effective_capabilities = 0;
  /** Of /proc/self/status: 0 none, 2 a filter. */
  int seccomp = 0;
  /** Linux 5.10 and older charge maps to RLIMIT_MEMLOCK. */
  bool memory_is_locked = false;
  /** Only seen where securityfs is mounted: in containers mostly not. */
  bool confidential = false;
  /** Before Linux 5.8. */
  bool too_old = false;
};

Circumstances ReadCircumstances();

/** One sentence that ends with what to do about `error`, which bpf(2) or the opening of the
 * kernel's BTF gave. */
std::string Remedy(const IoError& error, const Circumstances& circumstances);

}  // namespace kmsg
