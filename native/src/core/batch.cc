#include "batch.h"

namespace kmsg {
namespace {

void PutRow(const Batch& batch, size_t i, const Row& row, size_t offset) {
  batch.kind[i] = static_cast<uint8_t>(row.kind);
  batch.priority[i] = row.priority;
  batch.flag[i] = row.flag;
  batch.fresh[i] = row.fresh ? 1 : 0;
  batch.seq[i] = row.seq;
  batch.timestamp_us[i] = static_cast<double>(row.timestamp_us);
  batch.read_monotonic_us[i] = static_cast<double>(row.read_monotonic_us);
  batch.read_realtime_us[i] = static_cast<double>(row.read_realtime_us);
  batch.lost[i] = static_cast<double>(row.lost);
  batch.record_offset[i] = static_cast<uint32_t>(offset);
  batch.record_length[i] = row.record_length;
  batch.text_offset[i] = static_cast<uint32_t>(offset) + row.text_offset;
  batch.text_length[i] = row.text_length;
  batch.snapshot_offset[i] = static_cast<uint32_t>(offset) + row.record_length;
  batch.snapshot_length[i] = row.snapshot_length;
}

}  // namespace

Filled FillBatch(RowRing* ring, const Batch& batch) {
  Filled filled;
  size_t used = 0;
  Row row;
  while (filled.rows < batch.rows && ring->Peek(&row)) {
    if (row.payload_bytes() > batch.arena_bytes - used) {
      filled.arena_too_small = filled.rows == 0;
      break;
    }
    ring->Pop(row, batch.arena + used);
    PutRow(batch, filled.rows++, row, used);
    used += row.payload_bytes();
  }
  return filled;
}

}  // namespace kmsg
