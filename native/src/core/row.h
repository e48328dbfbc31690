#pragma once

#include <cstddef>
#include <cstdint>

namespace kmsg {

/** The numbers are part of the seam (index.d.ts). */
enum class RowKind : uint8_t { kRecord = 0, kLoss = 1, kCaughtUp = 2 };

/** What the memory ring holds for a row, before the bytes of its record and of its snapshot. */
struct Row {
  uint64_t seq = 0;
  uint64_t timestamp_us = 0;
  uint64_t read_monotonic_us = 0;
  uint64_t read_realtime_us = 0;
  uint64_t lost = 0;
  uint32_t record_length = 0;
  /** From the beginning of the record. */
  uint32_t text_offset = 0;
  uint32_t text_length = 0;
  uint32_t snapshot_length = 0;
  uint16_t priority = 0;
  RowKind kind = RowKind::kRecord;
  uint8_t flag = 0;
  bool fresh = false;
  /** Bytes behind the payload that hold nothing. */
  uint16_t room = 0;

  size_t payload_bytes() const { return size_t{record_length} + snapshot_length; }
};

}  // namespace kmsg
