#include "row_ring.h"

#include <string.h>

#include <algorithm>
#include <new>
#include <type_traits>

namespace kmsg {

static_assert(std::is_trivially_copyable_v<Row>, "rows are copied as bytes");

namespace {

// Without the value-initialising (): memory that is never used stays out of the resident set.
char* Allocate(size_t bytes) { return new (std::nothrow) char[bytes]; }

}  // namespace

RowRing::RowRing(size_t capacity) : capacity_(capacity), memory_(Allocate(capacity)) {}

[[gnu::hot]] size_t RowRing::Used() const {
  // The consumer's position first: it never overtakes the producer's, so the difference cannot be
  // negative.
  const uint64_t popped = popped_.load(std::memory_order_seq_cst);
  const uint64_t written = written_.load(std::memory_order_acquire);
  return static_cast<size_t>(written - popped);
}

uint64_t RowRing::Push(const Row& row, const char* record, const char* snapshot) {
  const uint64_t begin = written_.load(std::memory_order_relaxed);
  uint64_t position = begin;
  // acquire: the consumer has copied the last row out before its bytes are overwritten.
  if (popped_.load(std::memory_order_acquire) == position) front_ = position;
  CopyIn(position, &row, sizeof row);
  position += sizeof row;
  CopyIn(position, record, row.record_length);
  position += row.record_length;
  CopyIn(position, snapshot, row.snapshot_length);
  position += row.snapshot_length;
  written_.store(position + row.room, std::memory_order_release);
  return begin;
}

void RowRing::Extend(uint64_t position, Row* row, std::string_view snapshot) {
  CopyIn(position + sizeof *row + row->payload_bytes(), snapshot.data(), snapshot.size());
  row->snapshot_length += static_cast<uint32_t>(snapshot.size());
  row->room = static_cast<uint16_t>(row->room - snapshot.size());
  CopyIn(position, row, sizeof *row);
}

bool RowRing::Peek(Row* row) const {
  const uint64_t position = popped_.load(std::memory_order_relaxed);
  if (pushed_.load(std::memory_order_acquire) == position) return false;
  CopyOut(position, row, sizeof *row);
  return true;
}

void RowRing::Pop(const Row& row, char* payload) {
  const uint64_t position = popped_.load(std::memory_order_relaxed) + sizeof row;
  CopyOut(position, payload, row.payload_bytes());
  // seq_cst: the consumer looks next whether the producer waits for space (Drain::WaitForSpace),
  // and must not do so early.
  popped_.store(position + row.payload_bytes() + row.room, std::memory_order_seq_cst);
}

void RowRing::CopyIn(uint64_t position, const void* bytes, size_t length) {
  if (length == 0) return;
  const size_t at = PlaceOf(position);
  const size_t before_end = std::min(length, capacity_ - at);
  memcpy(memory_.get() + at, bytes, before_end);
  memcpy(memory_.get(), static_cast<const char*>(bytes) + before_end, length - before_end);
}

void RowRing::CopyOut(uint64_t position, void* bytes, size_t length) const {
  if (length == 0) return;
  const size_t at = PlaceOf(position);
  const size_t before_end = std::min(length, capacity_ - at);
  memcpy(bytes, memory_.get() + at, before_end);
  memcpy(static_cast<char*>(bytes) + before_end, memory_.get(), length - before_end);
}

}  // namespace kmsg
