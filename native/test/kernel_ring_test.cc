#include "../src/witness/kernel_ring.h"

#include <string>

#include "check.h"
#include "fake_ring.h"

TEST("records come out in order, also across the end of the ring, and the space is given back") {
  FakeRing fake;
  kmsg::KernelRing ring = fake.Reader();
  std::string record;
  CHECK(!ring.Read(&record));
  CHECK(!ring.HasRecord());
  for (int i = 0; i < 5000; i++) {
    const std::string written(static_cast<size_t>(1 + i % 700), static_cast<char>('a' + i % 26));
    CHECK(fake.Write(written));
    CHECK(ring.HasRecord());
    CHECK(ring.Read(&record));
    CHECK(record == written);
    CHECK(!ring.Read(&record));
    ring.Release(ring.position());
  }
}

TEST("what was read and not released is there for the next reader, and takes up its room") {
  FakeRing fake;
  std::string record;
  int kept = 0;
  {
    kmsg::KernelRing ring = fake.Reader();
    for (int i = 0; i < 3; i++) CHECK(fake.Write(std::string(1000, static_cast<char>('a' + i))));
    CHECK(ring.Read(&record));
    ring.Release(ring.position());
    while (ring.Read(&record)) kept++;
    CHECK_EQ(kept, 2);
    CHECK(!ring.HasRecord());
  }
  kmsg::KernelRing next = fake.Reader();
  CHECK(next.HasRecord());
  CHECK(next.Read(&record));
  CHECK_EQ(record, std::string(1000, 'b'));
  while (fake.Write(std::string(1000, 'x'))) kept++;
  CHECK(kept < 70);
  while (next.Read(&record)) next.Release(next.position());
  CHECK(fake.Write(std::string(1000, 'y')));
}

TEST("a record that is still being written is waited for, with those behind it") {
  FakeRing fake;
  kmsg::KernelRing ring = fake.Reader();
  const size_t busy = fake.Begin("late");
  CHECK(fake.Write("behind"));
  std::string record;
  CHECK(!ring.Read(&record));
  CHECK(ring.HasRecord());
  fake.End(busy);
  CHECK(ring.Read(&record));
  CHECK_EQ(record, "late");
  CHECK(ring.Read(&record));
  CHECK_EQ(record, "behind");
}

TEST("a record that was given up is passed over") {
  FakeRing fake;
  kmsg::KernelRing ring = fake.Reader();
  fake.Discard(fake.Begin("no"));
  CHECK(fake.Write("yes"));
  fake.Discard(fake.Begin("no"));
  std::string record;
  CHECK(ring.Read(&record));
  CHECK_EQ(record, "yes");
  CHECK(!ring.Read(&record));
  CHECK(!ring.HasRecord());
}
