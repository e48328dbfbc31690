#include "../src/core/drain.h"

#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "../src/core/file_table.h"
#include "batch_memory.h"
#include "check.h"
#include "fake_device.h"
#include "slow_open.h"

using kmsg::Drain;
using kmsg::KeepFilter;
using kmsg::RowKind;
using kmsg::Snapshots;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

/** Ends what hangs; however slow the machine is, nothing here takes so long. */
constexpr milliseconds kDeadline(120'000);

namespace kmsg {

std::ostream& operator<<(std::ostream& out, RowKind kind) { return out << static_cast<int>(kind); }

}  // namespace kmsg

namespace {

std::string RecordOf(uint64_t seq, const std::string& text = "x") {
  return "6," + std::to_string(seq) + ",5,-;" + text + "\n";
}

/** What StartSlowSnapshots takes of each. */
constexpr size_t kSlowSnapshotBytes = sizeof(int32_t) + kmsg::kSnapshotEntryBytes;

std::string KilledOf(uint64_t seq) { return RecordOf(seq, "killed 0"); }

struct SeenRow {
  RowKind kind;
  uint64_t seq;
  double lost;
  bool fresh;
  std::string record;
  size_t snapshot_bytes;
};

/** A drain over a script, with a consumer that the test drives. */
class Fixture {
 public:
  // Its thread uses everything else to the end.
  ~Fixture() { drain.reset(); }

  void Start(KeepFilter keep = KeepFilter({}, false), size_t ring_bytes = kmsg::kMinRingBytes,
             Snapshots snapshots = Snapshots(std::vector<kmsg::SnapshotRule>{})) {
    kmsg::IoError error;
    drain = Drain::Start(
        std::make_unique<FakeDevice>(&script), {ring_bytes, std::move(keep), std::move(snapshots)},
        [this] { OnWake(); }, &error);
    CHECK(drain != nullptr);
  }

  /** A rule that takes a snapshot of the process after "killed "; its file is not there. */
  void StartSnapshots() {
    Start(KeepFilter({}, false), 2 * kmsg::kMinRingBytes,
          Snapshots(std::vector<kmsg::SnapshotRule>{{"killed ", "/nowhere/%", {"file"}}}));
  }

  /** The same with a fast file, which is empty, and a slow one, see SlowOpen. */
  void StartSlowSnapshots(size_t ring_bytes) {
    Start(KeepFilter({}, false), ring_bytes,
          Snapshots(std::vector<kmsg::SnapshotRule>{{"killed ", "/dev", {"null"}, {"slow"}}}));
  }

  /** Waits for a wake that was not waited for yet. False: none came. */
  bool WaitForWake(milliseconds limit = kDeadline) {
    std::unique_lock<std::mutex> lock(mutex_);
    if (!woken_.wait_for(lock, limit, [this] { return wakes_ > waited_; })) return false;
    waited_++;
    return true;
  }

  int wakes() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return wakes_;
  }

  /** Does what JavaScript does on a wake: fills batches until there are no more rows. */
  void ReadAll() {
    drain->WakeDelivered();
    for (;;) {
      const size_t count = drain->Fill(memory_.batch).rows;
      if (count == 0) return;
      for (size_t i = 0; i < count; i++) {
        rows.push_back({static_cast<RowKind>(memory_.kind[i]), memory_.seq[i], memory_.lost[i],
                        memory_.fresh[i] == 1, std::string(memory_.Record(i)),
                        memory_.snapshot_length[i]});
      }
    }
  }

  /** Answers wakes until `count` rows have come. */
  void ReadRows(size_t count) {
    while (rows.size() < count) {
      if (!WaitForWake()) check::Abandon("no wake");
      ReadAll();
    }
    if (rows.size() > count) check::Abandon("more rows than expected");
  }

  /** Record 1, then an overrun, then record 5: four rows with the catch-up and the loss. */
  void StartAndOverrun() {
    script.Record(RecordOf(1));
    Start();
    ReadRows(2);
    script.Error(EPIPE);
    script.Record(RecordOf(5));
    script.Ready();
    ReadRows(4);
  }

  Script script;
  std::vector<SeenRow> rows;
  std::unique_ptr<Drain> drain;

 private:
  void OnWake() {
    const std::lock_guard<std::mutex> lock(mutex_);
    wakes_++;
    woken_.notify_one();
  }

  BatchMemory memory_{64, 64 * 1024};
  std::mutex mutex_;
  std::condition_variable woken_;
  int wakes_ = 0;
  int waited_ = 0;
};

void Eventually(const char* what, const std::function<bool()>& condition) {
  const auto deadline = steady_clock::now() + kDeadline;
  while (!condition()) {
    if (steady_clock::now() > deadline) check::Abandon(std::string("never: ") + what);
    std::this_thread::sleep_for(milliseconds(1));
  }
}

/** Records of about 1 KiB that never end. */
std::function<std::string()> Flood() {
  return [seq = uint64_t{0}]() mutable { return RecordOf(seq++, std::string(1000, 'f')); };
}

}  // namespace

TEST("what is in the log at opening comes first, then caught up, in one wake") {
  Fixture f;
  f.script.Record(RecordOf(7));
  f.script.Record(RecordOf(8, "y"));
  f.Start();
  f.ReadRows(3);
  CHECK_EQ(f.wakes(), 1);
  CHECK_EQ(f.rows[0].record, RecordOf(7));
  CHECK_EQ(f.rows[1].record, RecordOf(8, "y"));
  CHECK_EQ(f.rows[2].kind, RowKind::kCaughtUp);
  CHECK_EQ(f.rows[2].seq, 8u);
  CHECK(!f.rows[0].fresh);
}

TEST("an empty log is caught up at once, and only once") {
  Fixture f;
  f.Start();
  f.ReadRows(1);
  CHECK_EQ(f.rows[0].kind, RowKind::kCaughtUp);
  CHECK(!f.drain->stats().has_seq);
  f.script.Record(RecordOf(0));
  f.script.Ready();
  f.ReadRows(2);
  CHECK_EQ(f.rows[1].kind, RowKind::kRecord);
  CHECK(f.drain->stats().has_seq);
}

TEST("what was in the log at opening is read before it is caught up, however long that takes") {
  Fixture f;
  uint64_t seq = 0;
  f.script.Otherwise([&f, &seq] {
    std::this_thread::sleep_for(milliseconds(1));
    if (seq == 1500) f.script.first_new_seq = 1500;
    return RecordOf(seq++);
  });
  f.Start(KeepFilter({}, false), 1024 * 1024);
  while (f.rows.size() <= 1500) {
    if (!f.WaitForWake()) check::Abandon("no wake");
    f.ReadAll();
  }
  for (size_t i = 0; i < 1500; i++) CHECK_EQ(f.rows[i].kind, RowKind::kRecord);
  CHECK_EQ(f.rows[1500].kind, RowKind::kCaughtUp);
  CHECK_EQ(f.rows[1500].seq, 1499u);
}

TEST("the first record after the opening follows caught up, also amid what is read at one go") {
  for (uint64_t first_new = 1; first_new < 40; first_new++) {
    Fixture f;
    f.script.first_new_seq = first_new;
    for (uint64_t seq = 0; seq < 40; seq++) f.script.Record(RecordOf(seq));
    f.Start();
    f.ReadRows(41);
    CHECK_EQ(f.rows[first_new].kind, RowKind::kCaughtUp);
    CHECK_EQ(f.rows[first_new].seq, first_new - 1);
    CHECK_EQ(f.rows[first_new + 1].seq, first_new);
  }
}

TEST("a loss of old and new records follows caught up, one of old records does not") {
  Fixture f;
  f.script.first_new_seq = 17;
  f.script.Record(RecordOf(3));
  f.script.Error(EPIPE);
  f.script.Record(RecordOf(10));
  f.script.Error(EPIPE);
  f.script.Record(RecordOf(20));
  f.Start();
  f.ReadRows(6);
  CHECK_EQ(f.rows[1].kind, RowKind::kLoss);
  CHECK_EQ(f.rows[3].kind, RowKind::kCaughtUp);
  CHECK_EQ(f.rows[3].seq, 10u);
  CHECK_EQ(f.rows[4].kind, RowKind::kLoss);
  CHECK_EQ(f.rows[4].seq, 11u);
}

TEST("a log that is never dry is caught up, also where nothing in it is wanted") {
  Fixture f;
  f.script.Otherwise([&f, seq = uint64_t{0}]() mutable {
    std::this_thread::sleep_for(std::chrono::microseconds(100));
    if (seq == 500) f.script.first_new_seq = 100;
    return RecordOf(seq++);
  });
  f.Start(KeepFilter({{"never", KeepFilter::Rule::At::kStart, true}}, false));
  f.ReadRows(1);
  CHECK_EQ(f.rows[0].kind, RowKind::kCaughtUp);
  CHECK(f.rows[0].seq >= 500);
}

TEST("what is new is looked for once a chunk, and no more when it is known") {
  Fixture f;
  for (uint64_t seq = 0; seq < 31; seq++) f.script.Record(RecordOf(seq));
  f.script.Error(EAGAIN);
  f.Start();
  f.ReadRows(32);
  // Chunks of 1, 2, 4, 8 and 16, and by time.
  CHECK(f.script.looks >= 5);
  CHECK(f.script.looks <= 10);
  const int looks = f.script.looks;
  for (uint64_t seq = 31; seq < 60; seq++) f.script.Record(RecordOf(seq));
  f.script.Ready();
  f.ReadRows(61);
  CHECK_EQ(f.script.looks, looks);
}

TEST("a kept record does not wait until a flood of others is over") {
  Fixture f;
  f.script.Otherwise([seq = uint64_t{0}]() mutable {
    std::this_thread::sleep_for(std::chrono::microseconds(100));
    const uint64_t now = seq++;
    return RecordOf(now, now == 5 ? "kept" : "other");
  });
  f.Start(KeepFilter({{"kept", KeepFilter::Rule::At::kStart, true}}, false));
  f.ReadRows(1);
  CHECK_EQ(f.rows[0].seq, 5u);
}

TEST("an interrupted read is repeated") {
  Fixture f;
  f.script.Error(EINTR);
  f.script.Record(RecordOf(1));
  f.script.Error(EINTR);
  f.Start();
  f.ReadRows(2);
  CHECK_EQ(f.drain->stats().read, 1u);
  CHECK_EQ(f.drain->stats().lost, 0u);
}

TEST("an overrun is not the end: the loss is exact and stands before the next record") {
  Fixture f;
  f.script.Record(RecordOf(10));
  f.script.Error(EPIPE);
  f.script.Record(RecordOf(4843));
  f.Start();
  f.ReadRows(4);
  CHECK_EQ(f.rows[1].kind, RowKind::kLoss);
  CHECK_EQ(f.rows[1].seq, 11u);
  CHECK_EQ(f.rows[1].lost, 4832);
  CHECK_EQ(f.rows[2].seq, 4843u);
  CHECK_EQ(f.drain->stats().overruns, 1u);
  CHECK_EQ(f.drain->stats().lost, 4832u);
}

TEST("two overruns in a row are one loss") {
  Fixture f;
  f.script.Record(RecordOf(10));
  f.script.Error(EPIPE);
  f.script.Error(EPIPE);
  f.script.Record(RecordOf(15));
  f.Start();
  f.ReadRows(4);
  CHECK_EQ(f.rows[1].lost, 4);
  CHECK_EQ(f.drain->stats().overruns, 2u);
  CHECK_EQ(f.drain->stats().lost, 4u);
}

TEST("an overrun before the first record claims no number") {
  Fixture f;
  f.script.Error(EPIPE);
  f.script.Record(RecordOf(500));
  f.script.Record(RecordOf(501));
  f.Start();
  f.ReadRows(3);
  CHECK_EQ(f.rows[0].seq, 500u);
  CHECK_EQ(f.drain->stats().overruns, 1u);
  CHECK_EQ(f.drain->stats().lost, 0u);
  CHECK_EQ(f.drain->stats().first_seq, 500u);
  CHECK_EQ(f.drain->stats().last_seq, 501u);
}

TEST("a loss is reported even when the record after it is not wanted") {
  Fixture f;
  f.script.Record(RecordOf(1, "other"));
  f.script.Record(RecordOf(4, "other"));
  f.Start(KeepFilter({{"kept", KeepFilter::Rule::At::kStart, true}}, false));
  f.ReadRows(2);
  CHECK_EQ(f.rows[0].kind, RowKind::kLoss);
  CHECK_EQ(f.rows[0].seq, 2u);
  CHECK_EQ(f.rows[0].lost, 2);
  CHECK_EQ(f.drain->stats().kept, 0u);
  CHECK_EQ(f.drain->stats().read, 2u);
}

TEST("a record that the kernel drops for its size is counted and lost") {
  Fixture f;
  f.script.Record(RecordOf(1));
  f.script.Error(EINVAL);
  f.script.Record(RecordOf(3));
  f.Start();
  f.ReadRows(4);
  CHECK_EQ(f.rows[1].seq, 2u);
  CHECK_EQ(f.rows[1].lost, 1);
  CHECK_EQ(f.drain->stats().oversize, 1u);
}

TEST("a malformed record is counted and does not stop the reader") {
  Fixture f;
  f.script.Record("garbage\n");
  f.script.Record(RecordOf(3));
  f.Start();
  f.ReadRows(2);
  CHECK_EQ(f.drain->stats().malformed, 1u);
  CHECK_EQ(f.drain->stats().read, 2u);
  CHECK_EQ(f.drain->stats().bytes, 8 + RecordOf(3).size());
}

TEST("the last possible sequence number is no loss and does not overflow") {
  Fixture f;
  f.script.Record(RecordOf(18446744073709551613u));
  f.script.Record(RecordOf(18446744073709551615u));
  f.script.Record(RecordOf(0));
  f.script.Record(RecordOf(5));
  f.Start();
  f.ReadRows(6);
  CHECK_EQ(f.rows[1].kind, RowKind::kLoss);
  CHECK_EQ(f.rows[1].seq, 18446744073709551614u);
  CHECK_EQ(f.drain->stats().lost, 1u);
  CHECK_EQ(f.drain->stats().last_seq, 18446744073709551615u);
}

TEST("any other errno ends the reader, once and after the last row") {
  for (const int error_number : {EIO, EBADF, ENODEV, EFAULT, ENOMEM, EPERM, 0}) {
    Fixture f;
    f.script.Record(RecordOf(1));
    f.script.Error(error_number);
    f.Start();
    CHECK(f.WaitForWake());
    CHECK(f.drain->TakeError() == nullptr);
    f.ReadAll();
    CHECK_EQ(f.rows.size(), 1u);
    const kmsg::IoError* error = f.drain->TakeError();
    if (error == nullptr) check::Abandon("no error");
    CHECK_EQ(error->error_number, error_number == 0 ? ENODATA : error_number);
    CHECK_EQ(std::string(error->syscall), "read");
    CHECK_EQ(error->code.substr(0, 1), "E");
    CHECK(error->code.find("ERRNO") == std::string::npos);
    CHECK(error->message.find(error->code + ": ") == 0);
    CHECK(f.drain->TakeError() == nullptr);
  }
}

TEST("a poll that fails ends the reader instead of spinning") {
  Fixture f;
  f.script.wait_error = ENOMEM;
  f.Start();
  CHECK(f.WaitForWake());
  Eventually("the reader ended", [&] {
    f.ReadAll();
    const kmsg::IoError* error = f.drain->TakeError();
    return error != nullptr && error->code == "ENOMEM" && std::string(error->syscall) == "poll";
  });
}

TEST("only the first record after a real wait is fresh") {
  Fixture f;
  f.Start();
  f.ReadRows(1);
  f.script.Record(RecordOf(1));
  f.script.Record(RecordOf(2));
  f.script.Ready();
  f.ReadRows(3);
  CHECK(f.rows[1].fresh);
  CHECK(!f.rows[2].fresh);
}

TEST("the oldest record after an overrun is not fresh") {
  Fixture f;
  f.StartAndOverrun();
  CHECK_EQ(f.rows[3].seq, 5u);
  CHECK(!f.rows[3].fresh);
}

TEST("a record whose wake-up went missing is read by the safety drain, and is not fresh") {
  Fixture f;
  f.Start();
  f.ReadRows(1);
  f.script.Record(RecordOf(1));
  f.ReadRows(2);
  CHECK(!f.rows[1].fresh);
  CHECK_EQ(f.script.wait_timeout_us, 1000000u);
}

TEST("after a record that names a dying process the next one is not waited for, for a second") {
  Fixture f;
  f.StartSnapshots();
  f.ReadRows(1);
  f.script.Record(RecordOf(1, "killed 1"));
  f.script.Ready();
  f.ReadRows(2);
  Eventually("short waits", [&] { return f.script.wait_timeout_us == kmsg::kBoostWaitUs; });
  f.script.Record(RecordOf(2, "nothing that matters"));
  f.ReadRows(3);  // though the poll has not told
  Eventually("long waits", [&] { return f.script.wait_timeout_us == 1000000u; });
}

TEST("after a loss the end of the log is looked for often, though nothing names a process") {
  Fixture f;
  f.StartAndOverrun();
  const uint64_t dry = f.drain->stats().dry;
  Eventually("a dry log, seen twice", [&] { return f.drain->stats().dry >= dry + 2; });
  CHECK_EQ(f.script.wait_timeout_us, 10000u);
}

TEST("records of before the opening that name processes are no reason to hurry") {
  Fixture f;
  f.script.Record(RecordOf(1, "killed 1"));
  f.StartSnapshots();
  f.ReadRows(2);
  CHECK_EQ(f.rows[0].snapshot_bytes, 4u);
  Eventually("a wait", [&] { return f.script.waits > 0; });
  CHECK_EQ(f.script.wait_timeout_us, 1000000u);
}

TEST("an idle reader does not wake its consumer") {
  Fixture f;
  f.script.hurry = true;
  f.Start();
  f.ReadRows(1);
  Eventually("many waits", [&] { return f.script.waits > 1000; });
  CHECK_EQ(f.wakes(), 1);
}

TEST("records that nobody wants do not wake the consumer") {
  Fixture f;
  f.Start(KeepFilter({{"kept", KeepFilter::Rule::At::kStart, true}}, false));
  f.ReadRows(1);
  for (uint64_t seq = 0; seq < 100; seq++) f.script.Record(RecordOf(seq));
  f.script.Ready();
  Eventually("all were read", [&] { return f.drain->stats().read == 100; });
  Eventually("dry again", [&] { return f.script.waits >= 2; });
  CHECK_EQ(f.wakes(), 1);
}

TEST("a consumer that has not answered is not woken again, and then gets everything") {
  Fixture f;
  f.Start();
  CHECK(f.WaitForWake());
  for (uint64_t seq = 0; seq < 50; seq++) {
    f.script.Record(RecordOf(seq));
    f.script.Ready();
    Eventually("it was read", [&] { return f.drain->stats().read == seq + 1; });
  }
  CHECK_EQ(f.wakes(), 1);
  f.ReadAll();
  CHECK_EQ(f.rows.size(), 51u);
  f.script.Record(RecordOf(50));
  f.script.Ready();
  f.ReadRows(52);
}

TEST("a full memory ring stops the reading, and nothing is lost when the consumer comes back") {
  Fixture f;
  constexpr uint64_t kRecords = 500;
  for (uint64_t seq = 0; seq < kRecords; seq++) {
    f.script.Record(RecordOf(seq, std::string(1000, static_cast<char>('a' + seq % 26))));
  }
  f.Start();
  Eventually("the ring was full", [&] { return f.drain->stats().ring_full == 1; });
  CHECK(f.WaitForWake());
  std::this_thread::sleep_for(milliseconds(20));
  const int reads = f.script.reads;
  std::this_thread::sleep_for(milliseconds(50));
  CHECK_EQ(f.script.reads, reads);
  CHECK(reads < 64);
  f.ReadAll();
  f.ReadRows(kRecords + 1);
  for (uint64_t seq = 0; seq < kRecords; seq++) {
    CHECK_EQ(f.rows[seq].record,
             RecordOf(seq, std::string(1000, static_cast<char>('a' + seq % 26))));
  }
  CHECK_EQ(f.drain->stats().lost, 0u);
}

TEST("the smallest ring passes the largest rows") {
  Fixture f;
  const std::vector<std::string> files(kmsg::kSnapshotFilesMax, "zero");
  std::string largest = RecordOf(1, "pid=1 ");
  largest.insert(largest.size() - 1, kmsg::kReadBytes - largest.size(), 'x');
  for (int i = 0; i < 20; i++) f.script.Record(largest);
  f.Start(KeepFilter({}, false), kmsg::kMinRingBytes,
          Snapshots(std::vector<kmsg::SnapshotRule>{{"pid=", "/dev", files}}));
  f.ReadRows(21);
  for (int i = 0; i < 20; i++) {
    CHECK_EQ(f.rows[static_cast<size_t>(i)].record.size(), kmsg::kReadBytes);
    CHECK_EQ(f.rows[static_cast<size_t>(i)].snapshot_bytes,
             kmsg::kSnapshotFilesMax * (4 + kmsg::kSnapshotFileBytes));
  }
}

TEST("the longest records do not run over the end of a chunk") {
  Fixture f;
  std::vector<std::string> records;
  for (uint64_t seq = 0; seq < 12; seq++) {
    const size_t length = seq % 2 == 0 ? kmsg::kReadBytes - 100 * seq : 20;
    const size_t prefix = RecordOf(seq, "").size();
    records.push_back(RecordOf(seq, std::string(length - prefix, static_cast<char>('a' + seq))));
    f.script.Record(records.back());
  }
  f.Start(KeepFilter({}, false), 1024 * 1024);
  f.ReadRows(records.size() + 1);
  for (size_t i = 0; i < records.size(); i++) CHECK_EQ(f.rows[i].record, records[i]);
}

TEST("what a paused reader misses is counted to the last record") {
  Fixture f;
  // A kernel's ring of 100 records that goes on being written while nobody reads it.
  uint64_t next = 0;
  f.script.Otherwise([&f, next]() mutable {
    if (f.script.reads % 7 == 0) next += 100;
    return RecordOf(next++, std::string(1000, 'f'));
  });
  f.Start();
  for (int i = 0; i < 50; i++) {
    CHECK(f.WaitForWake());
    std::this_thread::sleep_for(milliseconds(1));
    f.ReadAll();
  }
  f.drain->Stop();
  f.ReadAll();
  const kmsg::Stats stats = f.drain->stats();
  uint64_t expected = f.rows.front().seq;
  for (const SeenRow& row : f.rows) {
    if (row.kind == RowKind::kCaughtUp) continue;
    CHECK_EQ(row.seq, expected);
    expected = row.seq + (row.kind == RowKind::kLoss ? static_cast<uint64_t>(row.lost) : 1);
  }
  CHECK_EQ(expected, stats.last_seq + 1);
  CHECK_EQ(stats.read + stats.lost, stats.last_seq - stats.first_seq + 1);
  CHECK(stats.lost > 0);
}

TEST("a process that dies now is looked at before the next record is read") {
  SlowOpen slow;
  Fixture f;
  f.Start(KeepFilter({}, false), 1024 * 1024,
          Snapshots(std::vector<kmsg::SnapshotRule>{{"killed ", "/dev", {"slow"}}}));
  f.ReadRows(1);
  const int reads = f.script.reads;
  f.script.Record(KilledOf(1));
  f.script.Record(RecordOf(2));
  f.script.Ready();
  Eventually("the file is waited for", [&] { return slow.waiting() == 1; });
  CHECK_EQ(f.script.reads, reads + 1);
  slow.Release();
  f.ReadRows(3);
}

TEST(
    "what is slow to read of a dying process does not keep the log waiting, nor rows out of "
    "order") {
  SlowOpen slow;
  Fixture f;
  f.script.Record(KilledOf(1));
  f.script.Record(RecordOf(2));
  f.StartSlowSnapshots(kmsg::kMinRingBytes);
  Eventually("it reads on", [&] { return slow.waiting() == 1 && f.script.waits > 0; });
  CHECK_EQ(f.drain->stats().read, 2u);
  CHECK_EQ(f.drain->stats().dry, 0u);
  f.ReadAll();
  CHECK(f.rows.empty());
  slow.Release();
  f.ReadRows(3);
  CHECK_EQ(f.rows[0].record, KilledOf(1));
  CHECK_EQ(f.rows[0].snapshot_bytes, kSlowSnapshotBytes);
  CHECK_EQ(f.rows[1].record, RecordOf(2));
  Eventually("dry, after all rows", [&] { return f.drain->stats().dry > 0; });
}

TEST("more dying processes than readers have their whole snapshots all the same") {
  constexpr uint64_t kKilled = 2 * kmsg::kSlowFileReaders;
  SlowOpen slow;
  Fixture f;
  for (uint64_t seq = 0; seq < kKilled; seq++) f.script.Record(KilledOf(seq));
  f.StartSlowSnapshots(1024 * 1024);
  Eventually("all readers and the thread itself wait",
             [&] { return slow.waiting() == kmsg::kSlowFileReaders + 1; });
  slow.Release();
  f.ReadRows(kKilled + 1);
  for (uint64_t seq = 0; seq < kKilled; seq++) {
    CHECK_EQ(f.rows[seq].record, KilledOf(seq));
    CHECK_EQ(f.rows[seq].snapshot_bytes, kSlowSnapshotBytes);
  }
}

TEST("a ring that is full of rows which wait for slow files empties when these are there") {
  constexpr uint64_t kRecords = 60;
  SlowOpen slow;
  Fixture f;
  for (uint64_t seq = 0; seq < kRecords; seq++) {
    f.script.Record(seq % 10 == 0 ? KilledOf(seq) : RecordOf(seq, std::string(2000, 'x')));
  }
  f.StartSlowSnapshots(kmsg::kMinRingBytes);
  Eventually("the ring was full", [&] { return f.drain->stats().ring_full == 1; });
  f.ReadAll();
  CHECK(f.rows.empty());
  slow.Release();
  f.ReadRows(kRecords + 1);
  for (uint64_t seq = 0; seq < kRecords; seq++) {
    CHECK_EQ(f.rows[seq].seq, seq);
    CHECK_EQ(f.rows[seq].snapshot_bytes, seq % 10 == 0 ? kSlowSnapshotBytes : size_t{0});
  }
}

TEST("a device that fails first gives the rows that wait for slow files") {
  SlowOpen slow;
  Fixture f;
  f.script.Record(KilledOf(1));
  f.script.Error(EIO);
  f.StartSlowSnapshots(kmsg::kMinRingBytes);
  Eventually("the file is waited for", [&] { return slow.waiting() == 1; });
  std::this_thread::sleep_for(milliseconds(20));
  CHECK(f.drain->TakeError() == nullptr);
  slow.Release();
  f.ReadRows(1);
  CHECK_EQ(f.rows[0].snapshot_bytes, kSlowSnapshotBytes);
  Eventually("the error", [&] { return f.drain->TakeError() != nullptr; });
}

TEST("it stops while slow files are waited for, at the end of the log and after a failure") {
  for (const int last : {EAGAIN, EIO}) {
    SlowOpen slow;
    Fixture f;
    f.script.Record(KilledOf(1));
    f.script.Error(last);
    f.StartSlowSnapshots(kmsg::kMinRingBytes);
    Eventually("the file is waited for", [&] { return slow.waiting() == 1; });
    f.drain->Stop();
    slow.Release();
  }
}

TEST("it stops while it polls") {
  Fixture f;
  f.Start();
  f.ReadRows(1);
  f.drain->Stop();
  f.drain->Stop();
}

TEST("it stops while it waits for space in the ring") {
  Fixture f;
  f.script.Otherwise(Flood());
  f.Start();
  Eventually("the ring was full", [&] { return f.drain->stats().ring_full == 1; });
  f.drain.reset();
}

TEST("it stops in the middle of a flood") {
  for (int i = 0; i < 50; i++) {
    Fixture f;
    f.script.Otherwise(Flood());
    f.Start(KeepFilter({{"never", KeepFilter::Rule::At::kStart, true}}, false));
    Eventually("it reads", [&] { return f.script.reads > i; });
    f.drain.reset();
  }
}

TEST("it stops before it has begun") {
  for (int i = 0; i < 50; i++) {
    Fixture f;
    f.Start();
  }
}

TEST("no wake comes after it was stopped") {
  Fixture f;
  f.script.Otherwise(Flood());
  f.Start();
  CHECK(f.WaitForWake());
  f.drain->Stop();
  const int wakes = f.wakes();
  f.drain->WakeDelivered();
  std::this_thread::sleep_for(milliseconds(20));
  CHECK_EQ(f.wakes(), wakes);
}

TEST("the thread has a name, and no signal handler runs in it") {
  Fixture f;
  f.Start();
  f.ReadRows(1);
  CHECK_EQ(f.script.thread_name, "oomw-kmsg");
  for (const int signal : {SIGTERM, SIGINT, SIGPROF, SIGCHLD, SIGUSR1}) {
    CHECK_EQ(sigismember(&f.script.thread_mask, signal), 1);
  }
  sigset_t own;
  pthread_sigmask(SIG_SETMASK, nullptr, &own);
  CHECK_EQ(sigismember(&own, SIGTERM), 0);
}

TEST("the thread holds no file that others close, and pays for no reference of its own") {
  Fixture f;
  f.Start();
  f.ReadRows(1);
  bool possible = false;
  std::thread([&] { possible = kmsg::UnshareFileTable({STDERR_FILENO}); }).join();
  if (!possible) return check::Skip("close_range(2) cannot unshare here");
  // The log, what stops it, and standard error.
  CHECK_EQ(f.script.thread_files, 3);
}
