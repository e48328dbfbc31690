#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "../core/io_error.h"
#include "named_fd.h"
#include "pins.h"
#include "witness_program.h"

namespace kmsg {

struct WitnessOptions {
  /** A power of two, and of pages. */
  uint32_t ring_bytes;
  /** A folder in a bpffs, in which the program outlives its reader; empty: it does not. */
  std::string pins = {};
  /** What another process has loaded and handed over; none: it is loaded here, or found in pins. */
  NamedFds handed = {};
  /** Whether records stay in the ring until they are released. */
  bool keep_until_released = false;
};

/** A program that runs in the kernel, wherever it is from, and what its reader has to hold. */
struct LiveProgram {
  WitnessProgram program;
  /** Where it is pinned, if that is this process's to change. */
  std::optional<PinDirectory> pins = {};
  /** The lock of pins that another process made. */
  UniqueFd lock = {};
  /** Why it is not pinned where that was asked for. */
  std::string pins_message = {};
  /** What the program saw that this one has replaced. */
  UniqueFd ring_before = {};

  bool pinned() const { return pins.has_value() || lock.valid(); }

  /** Gives all of it up, for another process. */
  NamedFds HandOver() &&;
};

/** Takes what was handed over, else what is pinned, else loads one. Empty: `error` says why. */
std::optional<LiveProgram> FindProgram(WitnessOptions options, IoError* error);

}  // namespace kmsg
