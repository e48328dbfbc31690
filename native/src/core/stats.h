#pragma once

#include <cstdint>

namespace kmsg {

/** A copy of the counters; their meaning is that of ReaderStats in index.d.ts. */
struct Stats {
  uint64_t read = 0;
  uint64_t kept = 0;
  uint64_t bytes = 0;
  uint64_t overruns = 0;
  uint64_t oversize = 0;
  uint64_t malformed = 0;
  uint64_t lost = 0;
  uint64_t ring_full = 0;
  uint64_t dry = 0;
  /** Whether first_seq and last_seq mean anything yet. */
  bool has_seq = false;
  uint64_t first_seq = 0;
  uint64_t last_seq = 0;
};

}  // namespace kmsg
