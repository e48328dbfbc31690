#pragma once

#include <atomic>
#include <cstddef>

#include "event_fd.h"
#include "row_ring.h"

namespace kmsg {

/** The reading thread's wait for space in the ring, which the consumer makes. */
class RingSpace {
 public:
  /** `read_bytes`: the most that one read adds. `control` is raised when there is enough again. */
  RingSpace(const RowRing* ring, size_t read_bytes, EventFd* control);

  /** Reading thread: whether whatever one read brings has space. */
  bool has_one() const { return ring_->Free() >= read_bytes_; }

  /** Reading thread: how many reads have space. */
  size_t reads() const { return ring_->Free() / read_bytes_; }

  /** Reading thread. False: there is enough by now, and nobody has to wait. */
  bool BeginWait();

  /** Reading thread: whether the wait goes on. */
  bool waiting() const { return is_waiting_.load(std::memory_order_seq_cst); }

  /** Consumer: it has taken rows. */
  void OnTaken();

 private:
  const RowRing* const ring_;
  EventFd* const control_;
  const size_t read_bytes_;
  /** A good part of the ring, or a slow consumer would put the thread to sleep and wake it for
   * every single record. */
  const size_t enough_bytes_;
  std::atomic<bool> is_waiting_{false};
};

}  // namespace kmsg
