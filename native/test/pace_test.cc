#include "../src/memory/pace.h"

#include "check.h"

using kmsg::IsJump;
using kmsg::kNoKib;
using kmsg::MemorySample;
using kmsg::Pace;
using kmsg::PaceOf;
using kmsg::Stretch;

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

TEST("what takes too much is stretched at once to what it may take, and comes back by and by") {
  Stretch stretch(0.01);
  uint64_t now_us = kSecond;
  double cpu_us = 0;
  // Unstretched it would take five times what it may.
  const auto pass = [&](double needed) {
    now_us += 5 * kSecond;
    cpu_us += 5e6 * needed / stretch.factor();
    stretch.Measure(now_us, static_cast<uint64_t>(cpu_us));
  };
  stretch.Measure(now_us, 0);
  CHECK_EQ(stretch.factor(), 1.0);
  pass(0.05);
  CHECK(stretch.factor() > 4.9 && stretch.factor() < 5.1);
  pass(0.05);
  CHECK(stretch.share() < 0.0102);
  CHECK(stretch.factor() > 4.9 && stretch.factor() < 5.1);
  pass(0.002);
  CHECK(stretch.factor() > 2);
  for (int i = 0; i < 30; i++) pass(0.002);
  CHECK(stretch.factor() < 1.01);
}
