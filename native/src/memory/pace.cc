#include "pace.h"

#include <algorithm>

namespace kmsg {
namespace {

constexpr uint64_t kSecond = 1'000'000;
/** Short enough to follow a node whose cgroups fill up, long enough to measure. */
constexpr uint64_t kWindowUs = 5 * kSecond;

}  // namespace

Pace PaceOf(const MemorySample& newest, uint32_t limit) {
  if (limit == kNoKib || limit == 0) return {2 * kSecond, 10 * kSecond, false};
  const uint32_t file = newest.file == kNoKib ? 0 : newest.file;
  const uint32_t shmem = newest.shmem == kNoKib ? 0 : newest.shmem;
  const uint32_t cache = file > shmem ? file - shmem : 0;
  const uint32_t held = newest.usage > cache ? newest.usage - cache : 0;
  const double used = static_cast<double>(newest.usage) / limit;
  const double held_share = static_cast<double>(held) / limit;
  if (held_share >= 0.9) return {kSecond / 4, kSecond / 2, true};
  if (held_share >= 0.75) return {kSecond / 2, kSecond, true};
  if (used >= 0.9) return {kSecond, 2 * kSecond, false};
  if (used >= 0.5) return {kSecond, 5 * kSecond, false};
  return {kSecond, 10 * kSecond, false};
}

bool IsJump(uint32_t usage, uint32_t sampled_usage, uint32_t limit) {
  if (limit == kNoKib) return false;
  const uint32_t change = usage > sampled_usage ? usage - sampled_usage : sampled_usage - usage;
  return change > 0 && change >= limit / 16;
}

void Stretch::Measure(uint64_t now_us, uint64_t cpu_us) {
  if (window_us_ == 0) {
    window_us_ = now_us;
    window_cpu_us_ = cpu_us;
    return;
  }
  if (now_us - window_us_ < kWindowUs) return;
  share_ = static_cast<double>(cpu_us - window_cpu_us_) / static_cast<double>(now_us - window_us_);
  window_us_ = now_us;
  window_cpu_us_ = cpu_us;
  // What it would take unstretched, over what it may.
  const double needed = std::max(1.0, factor_ * share_ / max_share_);
  // At once where it takes too much; back by and by, for a quiet window is no promise.
  factor_ = needed > factor_ ? needed : factor_ + (needed - factor_) / 4;
}

}  // namespace kmsg
