#include "wait_policy.h"

#include "clock.h"

namespace kmsg {
namespace {

// Once in many wake-ups of a poller on /dev/kmsg none was seen (Linux 6.18), so the device is read
// at least this often.
constexpr uint64_t kSafetyDrainUs = 1000 * 1000;

// After a loss the consumer looks for kills among what was lost, and has to know again and again
// that the log was read to its end, also where no record names a process.
constexpr uint64_t kAfterLossWaitUs = 10 * 1000;
constexpr uint64_t kAfterLossUs = 30 * 1000 * 1000;

}  // namespace

void WaitPolicy::OnLoss(uint64_t now_us) { lost_until_us_ = now_us + kAfterLossUs; }

uint64_t WaitPolicy::BeforeWait() {
  if (boost_.active()) boost_.BeforeWait(ClockUs(CLOCK_MONOTONIC));
  if (boost_.active()) return kBoostWaitUs;
  if (lost_until_us_ == 0) return kSafetyDrainUs;
  if (ClockUs(CLOCK_MONOTONIC) < lost_until_us_) return kAfterLossWaitUs;
  lost_until_us_ = 0;
  return kSafetyDrainUs;
}

void WaitPolicy::AfterWait() {
  if (boost_.active()) boost_.AfterWait(ClockUs(CLOCK_MONOTONIC));
}

}  // namespace kmsg
