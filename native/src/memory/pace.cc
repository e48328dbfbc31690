#include "pace.h"

#include <algorithm>

namespace kmsg {
namespace {

constexpr uint64_t kSecond = 1'000'000;
/** Short enough to follow a node whose cgroups fill up, long enough to measure. */
constexpr uint64_t kWindowUs = 5 * kSecond;

constexpr uint64_t kCheckUs = 60 * kSecond;
constexpr uint64_t kCheckWithoutWatchesUs = 10 * kSecond;
constexpr uint64_t kChecksRest = 1000;

}  // namespace

Pace PaceOf(const MemorySample& newest, uint32_t limit) {
  if (limit == kNoKib || limit == 0) return {5 * kSecond, 20 * kSecond, false};
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
  if (used >= 0.25) return {2 * kSecond, 10 * kSecond, false};
  return {5 * kSecond, 20 * kSecond, false};
}

bool IsJump(uint32_t usage, uint32_t sampled_usage, uint32_t limit) {
  if (limit == kNoKib) return false;
  const uint32_t change = usage > sampled_usage ? usage - sampled_usage : sampled_usage - usage;
  return change > 0 && change >= limit / 16;
}

uint64_t Together(uint64_t at_us, uint64_t interval_us) {
  if (interval_us >= 5 * kSecond) return at_us - at_us % (5 * kSecond);
  return interval_us > kSecond ? at_us - at_us % kSecond : at_us;
}

uint64_t Spread(uint64_t id, uint64_t interval_us) {
  const double phase = static_cast<double>(id * 7919 % 1000) / 1000;
  return static_cast<uint64_t>(phase * static_cast<double>(interval_us));
}

double LooksPerSecond(const Pace& pace) {
  const uint64_t each = kSampleLooks + (pace.with_processes ? kProcessesLooks : 0);
  const double second = static_cast<double>(kSecond);
  return second / static_cast<double>(pace.look_us) +
         second / static_cast<double>(pace.sample_us) * static_cast<double>(each);
}

CheckPace::CheckPace(uint64_t now_us) : soonest_us_(now_us), next_us_(now_us + kCheckUs) {}

void CheckPace::Done(uint64_t now_us, uint64_t took_cpu_us, bool lacks_watches) {
  soonest_us_ = now_us + took_cpu_us * kChecksRest;
  next_us_ = std::max(soonest_us_, now_us + (lacks_watches ? kCheckWithoutWatchesUs : kCheckUs));
}

bool Stretch::IsDue(uint64_t now_us) const {
  return window_us_ == 0 || now_us - window_us_ >= kWindowUs;
}

void Stretch::Measure(uint64_t now_us, const Done& done, double wanted) {
  if (window_us_ != 0) {
    const double window_us = static_cast<double>(now_us - window_us_);
    const double cpu_us = static_cast<double>(done.cpu_us - window_.cpu_us);
    const double looks_cpu_us = static_cast<double>(done.looks_cpu_us - window_.looks_cpu_us);
    share_ = cpu_us / window_us;
    if (done.looks > window_.looks) {
      const double cost_us = looks_cpu_us / static_cast<double>(done.looks - window_.looks);
      look_cost_us_ = look_cost_us_ == 0 ? cost_us : (look_cost_us_ + cost_us) / 2;
    }
    const double others_share = (cpu_us - looks_cpu_us) / window_us;
    // However much the others take, a part is left.
    const double left = std::max(max_share_ - others_share, max_share_ / 4);
    factor_ = std::max(1.0, wanted * look_cost_us_ / static_cast<double>(kSecond) / left);
  }
  window_us_ = now_us;
  window_ = done;
}

}  // namespace kmsg
