#include "../src/memory/pace.h"

#include "check.h"

using kmsg::IsJump;
using kmsg::kNoKib;
using kmsg::MemorySample;
using kmsg::Pace;
using kmsg::PaceOf;
using kmsg::Stretch;
using kmsg::Together;

namespace {

MemorySample Using(uint32_t usage, uint32_t file = 0, uint32_t shmem = 0) {
  MemorySample sample;
  sample.usage = usage;
  sample.file = file;
  sample.shmem = shmem;
  return sample;
}

constexpr uint64_t kSecond = 1'000'000;

}  // namespace

TEST("the nearer to the limit, the more often, and processes only there") {
  uint64_t sample_us = UINT64_MAX;
  for (const uint32_t usage : {10u, 60u, 80u, 95u, 100u}) {
    const Pace pace = PaceOf(Using(usage), 100);
    CHECK(pace.sample_us <= sample_us);
    CHECK(pace.look_us <= pace.sample_us);
    CHECK_EQ(pace.with_processes, usage >= 75);
    sample_us = pace.sample_us;
  }
  CHECK(sample_us <= kSecond);
}

TEST("looks that are not urgent do not wake the machine each for itself") {
  for (const uint64_t at_us : {17'000'000u, 17'250'000u, 17'999'999u}) {
    CHECK_EQ(Together(at_us, 5 * kSecond), 15 * kSecond);
    CHECK_EQ(Together(at_us, 2 * kSecond), 17 * kSecond);
    CHECK_EQ(Together(at_us, kSecond / 4), at_us);
  }
}

TEST("page cache at the limit is not near it, files in tmpfs are") {
  CHECK(!PaceOf(Using(100, 80, 0), 100).with_processes);
  CHECK(PaceOf(Using(100, 80, 80), 100).with_processes);
  CHECK_EQ(PaceOf(Using(100, 80, 80), 100).sample_us, PaceOf(Using(100), 100).sample_us);
}

TEST("sizes that are not known, or make no sense together, are no fault") {
  MemorySample bare;
  bare.usage = 95;
  CHECK(PaceOf(bare, 100).with_processes);
  CHECK(!PaceOf(Using(50, 200, 0), 100).with_processes);
  CHECK(!PaceOf(Using(50), kNoKib).with_processes);
  CHECK(!PaceOf(Using(50), 0).with_processes);
}

TEST("a sixteenth of the limit is a jump, up or down") {
  CHECK(IsJump(16, 0, 256));
  CHECK(!IsJump(15, 0, 256));
  CHECK(IsJump(0, 16, 256));
  CHECK(!IsJump(5, 5, 8));
  CHECK(!IsJump(100, 0, kNoKib));
}

TEST("what takes too much is stretched to what it may take, also where it is done in bursts") {
  Stretch stretch(0.012);
  uint64_t now_us = kSecond;
  Stretch::Done done;
  // A window in which so many looks of 100 us were done, and 0.2 % of a core went into waking.
  const auto pass = [&](uint64_t looks, double wanted) {
    CHECK(!stretch.IsDue(now_us));
    now_us += 5 * kSecond;
    CHECK(stretch.IsDue(now_us));
    done.looks += looks;
    done.looks_cpu_us += looks * 100;
    done.cpu_us += looks * 100 + 10'000;
    stretch.Measure(now_us, done, wanted);
  };
  CHECK(stretch.IsDue(now_us));
  stretch.Measure(now_us, done, 500);
  CHECK_EQ(stretch.factor(), 1.0);
  // 5 % of a core is wanted, five times of what is left.
  for (const uint64_t looks : {2500u, 0u, 5000u, 1u, 0u}) {
    pass(looks, 500);
    CHECK(stretch.factor() > 4.99 && stretch.factor() < 5.01);
  }
  pass(500, 500);
  CHECK(stretch.share() > 0.0119 && stretch.share() < 0.0121);
  pass(500, 20);
  CHECK_EQ(stretch.factor(), 1.0);
}

TEST("where waking alone takes all that it may, some looks are left") {
  Stretch stretch(0.01);
  stretch.Measure(kSecond, {}, 10);
  stretch.Measure(6 * kSecond, {1'000'000, 1'000, 10}, 100);
  CHECK(stretch.factor() > 3.9 && stretch.factor() < 4.1);
}

TEST("a pace costs what it reads") {
  CHECK_EQ(kmsg::LooksPerSecond({kSecond, 4 * kSecond, false}), 2.0);
  CHECK_EQ(kmsg::LooksPerSecond({kSecond, 4 * kSecond, true}), 7.0);
}

TEST("what inotify lost is looked for at once, and never for more than a thousandth of a core") {
  kmsg::CheckPace checks(5);
  CHECK(!checks.IsDue(5, false));
  CHECK(checks.IsDue(5, true));
  CHECK(checks.IsDue(60'000'005, false));
  checks.Done(10, 200'000, false);
  CHECK(!checks.IsDue(200'000'009, true));
  CHECK(checks.IsDue(200'000'010, true));
  CHECK(!checks.IsDue(60'000'010, false));
  checks.Done(10, 3, true);
  CHECK(checks.IsDue(10'000'010, false));
}
