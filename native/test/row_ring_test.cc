#include "../src/core/row_ring.h"

#include <unistd.h>

#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "../src/core/batch.h"
#include "batch_memory.h"
#include "check.h"

using kmsg::Row;
using kmsg::RowRing;

namespace {

void Push(RowRing* ring, uint64_t seq, const std::string& record,
          const std::string& snapshot = "") {
  Row row;
  row.seq = seq;
  row.record_length = static_cast<uint32_t>(record.size());
  row.snapshot_length = static_cast<uint32_t>(snapshot.size());
  ring->Push(row, record.data(), snapshot.data());
  ring->PublishAll();
}

std::string Pop(RowRing* ring, uint64_t seq) {
  Row row;
  CHECK(ring->Peek(&row));
  CHECK_EQ(row.seq, seq);
  std::string payload(row.payload_bytes(), '\0');
  ring->Pop(row, payload.data());
  return payload;
}

size_t ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  size_t total = 0, resident = 0;
  statm >> total >> resident;
  return resident * static_cast<size_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace

TEST("an empty ring gives nothing") {
  RowRing ring(1000);
  Row row;
  CHECK(!ring.Peek(&row));
  CHECK_EQ(ring.Free(), 1000u);
}

TEST("a row that fits exactly fills the ring") {
  RowRing ring(RowRing::RowBytes(10));
  Push(&ring, 1, "0123456", "789");
  CHECK_EQ(ring.Free(), 0u);
  CHECK_EQ(Pop(&ring, 1), "0123456789");
  CHECK_EQ(ring.Free(), ring.capacity());
}

TEST("a row that wraps at any byte comes out whole") {
  // Steps of one byte past the capacity: every split of row, record and snapshot occurs. One row
  // stays in the ring, as an empty one begins at the front.
  RowRing ring(3 * RowRing::RowBytes(20) + 1);
  const auto record = [](uint64_t seq) {
    return std::string(seq % 20, static_cast<char>('a' + seq % 26));
  };
  const auto snapshot = [](uint64_t seq) {
    return std::string(20 - seq % 20, static_cast<char>('A' + seq % 26));
  };
  Push(&ring, 0, record(0), snapshot(0));
  for (uint64_t seq = 0; seq < 4 * ring.capacity(); seq++) {
    Push(&ring, seq + 1, record(seq + 1), snapshot(seq + 1));
    CHECK_EQ(Pop(&ring, seq), record(seq) + snapshot(seq));
  }
}

TEST("a snapshot that comes later is whole wherever the ring wraps") {
  RowRing ring(3 * RowRing::RowBytes(20) + 1);
  Push(&ring, 0, "");
  for (uint64_t seq = 1; seq < 4 * ring.capacity(); seq++) {
    const std::string late(seq % 11, 'l');
    Row row;
    row.seq = seq;
    row.record_length = 6;
    row.snapshot_length = 4;
    row.room = 10;
    const uint64_t position = ring.Push(row, "record", "soon");
    Row next;
    next.seq = seq + 1;
    ring.Push(next, "", "");
    Pop(&ring, seq - 1 + (seq > 1));
    CHECK(!ring.Peek(&next));
    ring.Extend(position, &row, late);
    ring.PublishAll();
    CHECK_EQ(Pop(&ring, seq), "recordsoon" + late);
  }
}

TEST("a consumer that keeps up costs the pages of its backlog, not those of the whole ring") {
  constexpr size_t kCapacity = 64 * 1024 * 1024;
  RowRing ring(kCapacity);
  const size_t before = ResidentBytes();
  const std::string record(1000, 'x');
  // Nothing else here takes memory: ASan would keep what is given back.
  std::string payload(record.size(), '\0');
  Row row;
  for (uint64_t seq = 0; seq < 2 * kCapacity / record.size(); seq++) {
    Push(&ring, seq, record);
    CHECK(ring.Peek(&row));
    ring.Pop(row, payload.data());
  }
  CHECK(ResidentBytes() - before < kCapacity / 8);
}

TEST("rows between two threads are neither torn nor lost nor reordered") {
  RowRing ring(4096);
  constexpr uint64_t kRows = 50000;
  std::thread producer([&] {
    for (uint64_t seq = 0; seq < kRows; seq++) {
      const std::string record(seq * 7 % 300, static_cast<char>(seq));
      while (ring.Free() < RowRing::RowBytes(record.size())) std::this_thread::yield();
      Push(&ring, seq, record);
    }
  });
  Row row;
  for (uint64_t seq = 0; seq < kRows; seq++) {
    while (!ring.Peek(&row)) std::this_thread::yield();
    if (Pop(&ring, seq) != std::string(seq * 7 % 300, static_cast<char>(seq))) {
      check::Fail(__FILE__, __LINE__, "torn row " + std::to_string(seq));
      break;
    }
  }
  producer.join();
}

TEST("a batch takes what fits and leaves the rest for the next one") {
  RowRing ring(10000);
  for (uint64_t seq = 0; seq < 10; seq++) Push(&ring, seq, "record", "snapshot");
  BatchMemory by_rows(3, 1000);
  CHECK_EQ(kmsg::FillBatch(&ring, by_rows.batch).rows, 3u);
  CHECK_EQ(by_rows.seq[2], 2u);
  CHECK_EQ(by_rows.Record(2), "record");
  CHECK_EQ(by_rows.Snapshot(2), "snapshot");
  BatchMemory by_bytes(100, 2 * 14 + 13);
  CHECK_EQ(kmsg::FillBatch(&ring, by_bytes.batch).rows, 2u);
  CHECK_EQ(by_bytes.seq[0], 3u);
  BatchMemory all(100, 1000);
  CHECK_EQ(kmsg::FillBatch(&ring, all.batch).rows, 5u);
  CHECK_EQ(kmsg::FillBatch(&ring, all.batch).rows, 0u);
}

TEST("an arena too small for the next row says so and loses nothing") {
  RowRing ring(10000);
  Push(&ring, 1, "record");
  BatchMemory small(1, 5);
  const kmsg::Filled filled = kmsg::FillBatch(&ring, small.batch);
  CHECK_EQ(filled.rows, 0u);
  CHECK(filled.arena_too_small);
  BatchMemory enough(1, 6);
  CHECK_EQ(kmsg::FillBatch(&ring, enough.batch).rows, 1u);
  CHECK_EQ(enough.Record(0), "record");
}
