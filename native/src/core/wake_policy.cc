#include "wake_policy.h"

namespace kmsg {
namespace {

constexpr uint64_t kAnnounceUs = 1000;

constexpr char kThreadName[] = "oomw-wake";

}  // namespace

int WakePolicy::Start() { return waker_.Start(kThreadName); }

void WakePolicy::OnTime(uint64_t now_us) {
  if (has_news_ && now_us - news_since_us_ >= kAnnounceUs) Announce();
}

void WakePolicy::Announce() {
  has_news_ = false;
  // acq_rel here and in Delivered: a wake that is left out because one is pending still hands over
  // the rows before it.
  if (!is_pending_.exchange(true, std::memory_order_acq_rel)) waker_.Ask();
}

}  // namespace kmsg
