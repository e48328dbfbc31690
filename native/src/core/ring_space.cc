#include "ring_space.h"

#include <algorithm>

namespace kmsg {

RingSpace::RingSpace(const RowRing* ring, size_t read_bytes, EventFd* control)
    : ring_(ring),
      control_(control),
      read_bytes_(read_bytes),
      enough_bytes_(std::max(ring->capacity() / 2, read_bytes)) {}

bool RingSpace::BeginWait() {
  is_waiting_.store(true, std::memory_order_seq_cst);
  // The consumer that emptied the ring just before the flag was up did not see it, and may be
  // asleep by now.
  if (ring_->Free() < enough_bytes_) return true;
  is_waiting_.store(false, std::memory_order_seq_cst);
  return false;
}

void RingSpace::OnTaken() {
  if (!waiting() || ring_->Free() < enough_bytes_) return;
  is_waiting_.store(false, std::memory_order_seq_cst);
  control_->Raise();
}

}  // namespace kmsg
