#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "row.h"

namespace kmsg {

/**
 * A bounded byte ring of rows of any size, for one producer and one consumer thread. A row that
 * reaches the end of the memory goes on at its beginning, so every byte is usable and a row fits
 * exactly when Free() says so. A row that finds the ring empty begins at the front of the memory: a
 * consumer that keeps up has it in the cache, and no page is ever touched that no backlog needed.
 */
class RowRing {
 public:
  explicit RowRing(size_t capacity);

  /** False: there was no memory. */
  bool valid() const { return memory_ != nullptr; }
  size_t capacity() const { return capacity_; }

  /** Bytes a row with this payload takes. */
  static constexpr size_t RowBytes(size_t payload) { return sizeof(Row) + payload; }

  /** To the producer at least, to the consumer at most what is free: the other thread moves on
   * meanwhile. */
  size_t Free() const { return capacity_ - Used(); }
  size_t Used() const;

  /** Producer. The row must fit. It is not the consumer's before it is published. Returns its
   * position. */
  uint64_t Push(const Row& row, const char* record, const char* snapshot);

  /** Producer. Puts more of a snapshot into the room of a row that is not published yet. */
  void Extend(uint64_t position, Row* row, std::string_view snapshot);

  /** Producer. The rows before `position` are the consumer's. */
  void Publish(uint64_t position) { pushed_.store(position, std::memory_order_release); }
  void PublishAll() { Publish(written_.load(std::memory_order_relaxed)); }

  /** Consumer. False: empty. */
  bool Peek(Row* row) const;

  /** Consumer. Copies record and snapshot of the row just peeked to `payload` and drops it. */
  void Pop(const Row& row, char* payload);

 private:
  size_t PlaceOf(uint64_t position) const { return (position - front_) % capacity_; }
  void CopyIn(uint64_t position, const void* bytes, size_t length);
  void CopyOut(uint64_t position, void* bytes, size_t length) const;

  const size_t capacity_;
  const std::unique_ptr<char[]> memory_;
  // Positions count bytes since the start and never wrap in practice; each thread's have their own
  // cache line.
  alignas(64) std::atomic<uint64_t> pushed_{0};
  std::atomic<uint64_t> written_{0};
  /** The position that lies at the front of the memory. Written by the producer while the ring is
   * empty, when the consumer does not look. */
  uint64_t front_ = 0;
  alignas(64) std::atomic<uint64_t> popped_{0};
};

}  // namespace kmsg
