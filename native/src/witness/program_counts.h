#pragma once

#include <cstdint>
#include <optional>

#include "../core/io_error.h"

namespace kmsg {

/** What the program counts, mapped: to look is no system call, and needs no right to bpf(2). */
class ProgramCounts {
 public:
  struct Values {
    uint64_t told = 0;
    uint64_t dropped = 0;
    uint64_t dying = 0;
    uint64_t undecided = 0;
  };

  ProgramCounts() = default;
  ProgramCounts(ProgramCounts&& other) noexcept;
  ProgramCounts& operator=(ProgramCounts&& other) noexcept;
  ~ProgramCounts();

  /** `map` is the program's state. False: `error` says why. */
  bool Map(int map, IoError* error);

  /** Empty: nothing is mapped. */
  std::optional<Values> Read() const;

 private:
  void* memory_ = nullptr;
};

}  // namespace kmsg
