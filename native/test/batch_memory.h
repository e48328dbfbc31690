#pragma once

#include <string_view>
#include <vector>

#include "../src/core/batch.h"

/** What JavaScript allocates for a batch. */
struct BatchMemory {
  BatchMemory(size_t rows, size_t arena_bytes)
      : arena(arena_bytes),
        kind(rows),
        priority(rows),
        flag(rows),
        fresh(rows),
        seq(rows),
        timestamp_us(rows),
        read_monotonic_us(rows),
        read_realtime_us(rows),
        lost(rows),
        record_offset(rows),
        record_length(rows),
        text_offset(rows),
        text_length(rows),
        snapshot_offset(rows),
        snapshot_length(rows),
        batch{arena.data(),
              arena_bytes,
              rows,
              kind.data(),
              priority.data(),
              flag.data(),
              fresh.data(),
              seq.data(),
              timestamp_us.data(),
              read_monotonic_us.data(),
              read_realtime_us.data(),
              lost.data(),
              record_offset.data(),
              record_length.data(),
              text_offset.data(),
              text_length.data(),
              snapshot_offset.data(),
              snapshot_length.data()} {}

  std::string_view Record(size_t i) const {
    return {arena.data() + record_offset[i], record_length[i]};
  }
  std::string_view Text(size_t i) const { return {arena.data() + text_offset[i], text_length[i]}; }
  std::string_view Snapshot(size_t i) const {
    return {arena.data() + snapshot_offset[i], snapshot_length[i]};
  }

  std::vector<char> arena;
  std::vector<uint8_t> kind;
  std::vector<uint16_t> priority;
  std::vector<uint8_t> flag;
  std::vector<uint8_t> fresh;
  std::vector<uint64_t> seq;
  std::vector<double> timestamp_us;
  std::vector<double> read_monotonic_us;
  std::vector<double> read_realtime_us;
  std::vector<double> lost;
  std::vector<uint32_t> record_offset;
  std::vector<uint32_t> record_length;
  std::vector<uint32_t> text_offset;
  std::vector<uint32_t> text_length;
  std::vector<uint32_t> snapshot_offset;
  std::vector<uint32_t> snapshot_length;
  kmsg::Batch batch;
};
