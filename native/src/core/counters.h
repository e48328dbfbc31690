#pragma once

#include <atomic>
#include <cstdint>

#include "stats.h"

namespace kmsg {

/** A number that one thread writes and any thread reads: no locked instruction for each record. */
template <typename T>
class Published {
 public:
  T get() const { return value_.load(std::memory_order_relaxed); }
  void set(T value) { value_.store(value, std::memory_order_relaxed); }
  void add(T amount) { set(get() + amount); }

 private:
  std::atomic<T> value_{};
};

/** What the reading thread counts, and how far it is in the log. Any thread may copy it. */
class Counters {
 public:
  Published<uint64_t> read, kept, bytes, lost, overruns, oversize, malformed, ring_full;

  /** How many records are missing between the last one and this. */
  uint64_t MissingBefore(uint64_t seq) const {
    if (!has_seq_.load(std::memory_order_relaxed)) return 0;
    const uint64_t last = last_seq_.get();
    return seq <= last ? 0 : seq - last - 1;
  }

  /** The record was read. */
  void OnSequence(uint64_t seq) {
    if (!has_seq_.load(std::memory_order_relaxed)) {
      first_seq_.set(seq);
      last_seq_.set(seq);
      has_seq_.store(true, std::memory_order_release);
    } else if (seq > last_seq_.get()) {
      last_seq_.set(seq);
    }
  }

  uint64_t last_seq() const { return last_seq_.get(); }

  /** The log was read to its end. Whoever sees that sees every row and count from before it. */
  void OnDry() { dry_.fetch_add(1, std::memory_order_release); }

  Stats Copy() const;

 private:
  Published<uint64_t> first_seq_, last_seq_;
  std::atomic<bool> has_seq_{false};
  std::atomic<uint64_t> dry_{0};
};

}  // namespace kmsg
