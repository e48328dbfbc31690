#include "counters.h"

namespace kmsg {

Stats Counters::Copy() const {
  Stats stats;
  stats.dry = dry_.load(std::memory_order_acquire);
  stats.has_seq = has_seq_.load(std::memory_order_acquire);
  stats.read = read.get();
  stats.kept = kept.get();
  stats.bytes = bytes.get();
  stats.overruns = overruns.get();
  stats.oversize = oversize.get();
  stats.malformed = malformed.get();
  stats.lost = lost.get();
  stats.ring_full = ring_full.get();
  stats.first_seq = first_seq_.get();
  stats.last_seq = last_seq_.get();
  return stats;
}

}  // namespace kmsg
