#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace kmsg {

/** One record of the log, split where its parts begin. Views into the buffer that was split. */
struct Record {
  std::string_view whole;
  /** After the first `;`, before the first newline, still escaped. */
  std::string_view text;
  uint64_t seq = 0;
  uint64_t timestamp_us = 0;
  /** Facility * 8 + level. */
  uint16_t priority = 0;
  /** `-`, `c`, `+` or another byte; 0: the field is empty. */
  uint8_t flag = 0;

  /** User space cannot write records of facility 0 (since Linux 4.4). */
  bool from_kernel() const { return priority >> 3 == 0; }
  bool fragment() const { return flag != '-' && flag != 0; }
};

/**
 * Splits `PRIORITY,SEQ,MICROSECONDS,FLAG[,MORE...];TEXT\n[ KEY=VALUE\n]*`
 * (Documentation/ABI/testing/dev-kmsg). Unknown fields are ignored, as that page demands; the last
 * newline may be missing, because kernels from 6.3 on cut a record at 2048 bytes. False: the prefix
 * is malformed.
 */
bool SplitRecord(std::string_view bytes, Record* record);

/** No record has this number. */
constexpr uint64_t kNoSeq = UINT64_MAX;

}  // namespace kmsg
