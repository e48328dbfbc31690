#include "../src/witness/kernel_ring.h"

#include <string>

#include "check.h"
#include "fake_ring.h"

TEST("records come out in order, also across the end of the ring, and the space is given back") {
  FakeRing fake;
  kmsg::KernelRing ring = fake.Reader();
  std::string record;
  CHECK(!ring.Take(&record));
  CHECK(!ring.HasRecord());
  for (int i = 0; i < 5000; i++) {
    const std::string written(static_cast<size_t>(1 + i % 700), static_cast<char>('a' + i % 26));
    CHECK(fake.Write(written));
    CHECK(ring.HasRecord());
    CHECK(ring.Take(&record));
    CHECK(record == written);
    CHECK(!ring.Take(&record));
  }
}

TEST("a record that is still being written is waited for, with those behind it") {
  FakeRing fake;
  kmsg::KernelRing ring = fake.Reader();
  const size_t busy = fake.Begin("late");
  CHECK(fake.Write("behind"));
  std::string record;
  CHECK(!ring.Take(&record));
  CHECK(ring.HasRecord());
  fake.End(busy);
  CHECK(ring.Take(&record));
  CHECK_EQ(record, "late");
  CHECK(ring.Take(&record));
  CHECK_EQ(record, "behind");
}

TEST("a record that was given up is passed over") {
  FakeRing fake;
  kmsg::KernelRing ring = fake.Reader();
  fake.Discard(fake.Begin("no"));
  CHECK(fake.Write("yes"));
  fake.Discard(fake.Begin("no"));
  std::string record;
  CHECK(ring.Take(&record));
  CHECK_EQ(record, "yes");
  CHECK(!ring.Take(&record));
  CHECK(!ring.HasRecord());
}
