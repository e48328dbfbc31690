#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

#include "worker.h"

namespace kmsg {

/**
 * When the consumer is woken: once per batch. That is when the log is dry, or before that when the
 * ring is half full or the oldest row that was not announced is 1 ms old. A wake that the consumer
 * has not answered yet is not repeated.
 */
class WakePolicy {
 public:
  /** `wake` is called on a thread of its own: it takes microseconds, in which the reading thread
   * would not read the log, and that thread may lack the file descriptor by which it is done
   * (UnshareFileTable). */
  explicit WakePolicy(std::function<void()> wake) : waker_(std::move(wake)) {}

  /** Returns 0 or the errno. */
  int Start();

  /** `wake` is not called any more after that. */
  void Stop() { waker_.Stop(); }

  /** Reading thread: a row was published or is held. */
  void OnRow(uint64_t now_us) {
    if (has_news_) return;
    has_news_ = true;
    news_since_us_ = now_us;
  }

  /** Reading thread: whether there are rows that the consumer was not woken for. */
  bool has_news() const { return has_news_; }

  /** Reading thread: time passes while it reads on. */
  void OnTime(uint64_t now_us);

  /** Reading thread: wakes the consumer, unless it is awake. */
  void Announce();

  /** Consumer: it is about to fill batches until it gets no row. What comes later is a new wake. */
  void Delivered() { is_pending_.exchange(false, std::memory_order_acq_rel); }

 private:
  Worker waker_;
  uint64_t news_since_us_ = 0;
  bool has_news_ = false;
  std::atomic<bool> is_pending_{false};
};

}  // namespace kmsg
