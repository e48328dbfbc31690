#pragma once

#include <cstdint>

#include "boost.h"

namespace kmsg {

/** How long the reading thread waits for the log at most, and with which priority it runs. */
class WaitPolicy {
 public:
  /** A record named a dying process: the next one is looked for sooner, see Boost. */
  void OnDying(uint64_t now_us) { boost_.Begin(now_us); }

  /** Records were lost: for a while the end of the log is looked for more often. */
  void OnLoss(uint64_t now_us);

  /** The thread is about to wait; it may do so for so long. */
  uint64_t BeforeWait();

  void AfterWait();

  /** Whether OnTime must be called. */
  bool counts_time() const { return boost_.active(); }

  /** The thread reads on without a wait. */
  void OnTime(uint64_t now_us) {
    if (boost_.active()) boost_.OnTime(now_us);
  }

 private:
  Boost boost_;
  /** 0: nothing was lost. */
  uint64_t lost_until_us_ = 0;
};

}  // namespace kmsg
