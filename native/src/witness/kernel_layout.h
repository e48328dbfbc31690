#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "wire.h"

namespace kmsg {

/** What the witness's program has to know of the running kernel. */
struct KernelLayout {
  witness_layout offsets;
  /** The number of oom_kill_process in the kernel's BTF; 0: it is not there. */
  uint32_t oom_kill_process = 0;
};

/** From the kernel's BTF. Empty: `missing` names what it lacks. */
std::optional<KernelLayout> ReadKernelLayout(std::string_view btf, std::string* missing);

}  // namespace kmsg
