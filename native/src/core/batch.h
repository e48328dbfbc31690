#pragma once

#include <cstddef>
#include <cstdint>

#include "row_ring.h"

namespace kmsg {

/** Memory of the consumer, see BatchMemory in index.d.ts: an arena and one value per row in each
 * column. */
struct Batch {
  char* arena = nullptr;
  size_t arena_bytes = 0;
  size_t rows = 0;

  uint8_t* kind = nullptr;
  uint16_t* priority = nullptr;
  uint8_t* flag = nullptr;
  uint8_t* fresh = nullptr;
  uint64_t* seq = nullptr;
  double* timestamp_us = nullptr;
  double* read_monotonic_us = nullptr;
  double* read_realtime_us = nullptr;
  double* lost = nullptr;
  uint32_t* record_offset = nullptr;
  uint32_t* record_length = nullptr;
  uint32_t* text_offset = nullptr;
  uint32_t* text_length = nullptr;
  uint32_t* snapshot_offset = nullptr;
  uint32_t* snapshot_length = nullptr;
};

struct Filled {
  size_t rows = 0;
  /** The next row does not fit the arena even when it is empty. */
  bool arena_too_small = false;
};

/** Moves as many rows as fit from `ring` into `batch`. */
Filled FillBatch(RowRing* ring, const Batch& batch);

}  // namespace kmsg
