#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wire.h"

namespace kmsg {

/** A record of the witness, its parts proven to lie within it. Names are the kernel's bytes. */
struct Witnessed {
  struct Level {
    witness_level fields;
    std::string name;
  };

  witness_record fields;
  std::vector<Level> levels;
  /** CLOCK_MONOTONIC when it was taken from the ring. */
  uint64_t taken_us = 0;
};

/** Empty: it is of a version that this one does not know, or not whole. */
std::optional<Witnessed> ParseWitnessed(std::string_view bytes);

/** A name from the kernel in an array of its own, which it may fill. */
std::string NameOf(const witness_u8* bytes, size_t most);

}  // namespace kmsg
