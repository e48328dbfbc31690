#include "read_loop.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include "clock.h"
#include "file_table.h"

namespace kmsg {
namespace {

// A log that is written faster than it is read never answers EAGAIN, and may have no record that is
// wanted: its reader must still learn that it is live.
constexpr uint64_t kLookEveryUs = 10 * 1000;

/** What one read can add: the record with its snapshot, a loss before it and the caught-up row
 * after it. */
size_t BytesOfOneRead(const Snapshots& snapshots) {
  return RowRing::RowBytes(kReadBytes + snapshots.max_bytes()) + 2 * RowRing::RowBytes(0);
}

}  // namespace

// What runs for every record is marked [[gnu::hot]], here and below: the linker then puts it side
// by side, in fewer pages. Each read(2) leaves the TLB and the caches cold.

ReadLoop::ReadLoop(std::unique_ptr<Device> device, KeepFilter keep, Snapshots snapshots,
                   RowRing* ring, EventFd* control, WakePolicy* wake)
    : device_(std::move(device)),
      keep_(std::move(keep)),
      snapshots_(std::move(snapshots)),
      ring_(ring),
      control_(control),
      wake_(wake),
      space_(ring, BytesOfOneRead(snapshots_), control),
      slow_(ring, control),
      snapshot_(new char[snapshots_.max_bytes()]) {}

void ReadLoop::Stop() {
  stopping_.store(true, std::memory_order_seq_cst);
  control_->Raise();
}

void ReadLoop::Run() {
  if (snapshots_.max_slow_bytes() > 0) {
    // They are handed open files.
    slow_.Start(snapshots_.max_slow_bytes());
  } else {
    // The C library and sanitizers have their last words on the standard error.
    std::vector<int> files = device_->fds();
    files.insert(files.end(), {STDERR_FILENO, control_->fd()});
    UnshareFileTable(std::move(files));
  }
  while (ReadUntilDry() == Dry::kYes) {
    if (!caught_up_) OnCaughtUp(counters_.last_seq());
    if (wake_->has_news()) wake_->Announce();
    if (!WaitForReadiness()) return;
  }
}

[[gnu::hot]] ReadLoop::Dry ReadLoop::ReadUntilDry() {
  while (!stopping() && MakeSpace()) {
    const ssize_t end = device_->Read(std::min(space_.reads(), chunk_records_), &chunk_);
    OnChunk();
    if (!slow_.empty()) PublishHeld();
    if (end > 0) {
      chunk_records_ = std::min(2 * chunk_records_, kChunkRecords);
      continue;
    }
    switch (-end) {
      case EAGAIN:
        chunk_records_ = 1;
        if (slow_.empty()) counters_.OnDry();
        return Dry::kYes;
      case EINTR:
        break;
      case EPIPE:
        // The position is now that of the oldest record, which is not a fresh one; how many are
        // lost its number says.
        counters_.overruns.add(1);
        fresh_ = false;
        break;
      case EINVAL:
        counters_.oversize.add(1);
        break;
      default:
        // The log has no end: were a read to return 0, going on would spin.
        Fail(end == 0 ? ENODATA : static_cast<int>(-end), "read");
        return Dry::kEnded;
    }
  }
  return Dry::kEnded;
}

/** False: the thread ends. */
bool ReadLoop::WaitForReadiness() {
  const Device::Readiness readiness = device_->Wait(control_->fd(), wait_.BeforeWait());
  wait_.AfterWait();
  if (readiness.error_number != 0) {
    Fail(readiness.error_number, "poll");
    return false;
  }
  if (readiness.control) control_->Lower();
  fresh_ = readiness.readable;
  return !stopping();
}

/** Whether there is space for whatever the next read brings. False: the thread ends. */
[[gnu::hot]] bool ReadLoop::MakeSpace() {
  if (space_.has_one()) return true;
  counters_.ring_full.add(1);
  fresh_ = false;
  WaitForSpace();
  return !stopping();
}

void ReadLoop::WaitForSpace() {
  if (!space_.BeginWait()) return;
  wake_->Announce();
  while (!stopping() && space_.waiting()) {
    WaitForControl();
    if (!slow_.empty()) PublishHeld();
  }
}

void ReadLoop::WaitForControl() {
  pollfd control = {control_->fd(), POLLIN, 0};
  poll(&control, 1, -1);
  control_->Lower();
}

void ReadLoop::PublishHeld() {
  if (slow_.PublishWhole()) wake_->Announce();
}

[[gnu::hot]] void ReadLoop::OnChunk() {
  read_at_.known = false;
  looked_ = false;
  const char* record = chunk_.bytes;
  for (size_t i = 0; i < chunk_.records; record += chunk_.lengths[i++]) {
    OnRecord({record, chunk_.lengths[i]});
  }
  OnTimePassing();
}

[[gnu::hot]] void ReadLoop::OnRecord(std::string_view bytes) {
  const bool fresh = fresh_;
  fresh_ = false;
  counters_.read.add(1);
  counters_.bytes.add(bytes.size());
  Record record;
  if (!SplitRecord(bytes, &record)) {
    counters_.malformed.add(1);
    return;
  }
  OnSequence(record.seq);
  if (keep_.Keeps(record)) Keep(record, fresh);
}

[[gnu::hot]] void ReadLoop::OnSequence(uint64_t seq) {
  const uint64_t missing = counters_.MissingBefore(seq);
  if (missing > 0) {
    if (!caught_up_) CatchUpBefore(seq);
    counters_.lost.add(missing);
    Row row = RowOf(RowKind::kLoss, counters_.last_seq() + 1);
    row.lost = missing;
    wait_.OnLoss(row.read_monotonic_us);
    PushRow(row, nullptr, nullptr);
  }
  counters_.OnSequence(seq);
}

/** A row of what was read last. */
Row ReadLoop::RowOf(RowKind kind, uint64_t seq) {
  if (!read_at_.known) {
    read_at_ = {true, ClockUs(CLOCK_MONOTONIC), ClockUs(CLOCK_REALTIME)};
  }
  Row row;
  row.kind = kind;
  row.seq = seq;
  row.read_monotonic_us = read_at_.monotonic_us;
  row.read_realtime_us = read_at_.realtime_us;
  return row;
}

void ReadLoop::Keep(const Record& record, bool fresh) {
  if (!caught_up_) CatchUpBefore(record.seq);
  Row row = RowOf(RowKind::kRecord, record.seq);
  SlowFileReader* const aside = slow_.IdleReader();
  Unread unread;
  row.snapshot_length = static_cast<uint32_t>(
      snapshots_.Take(record, snapshot_.get(), aside != nullptr ? &unread : nullptr));
  // What was in the log at opening names processes that died long ago.
  if (row.snapshot_length > 0 && caught_up_) wait_.OnDying(row.read_monotonic_us);
  row.timestamp_us = record.timestamp_us;
  row.record_length = static_cast<uint32_t>(record.whole.size());
  row.text_offset = static_cast<uint32_t>(record.text.data() - record.whole.data());
  row.text_length = static_cast<uint32_t>(record.text.size());
  row.priority = record.priority;
  row.flag = record.flag;
  row.fresh = fresh;
  if (unread.files == nullptr) {
    PushRow(row, record.whole.data(), snapshot_.get());
  } else {
    row.room = static_cast<uint16_t>(unread.MaxBytes());
    aside->Begin(std::move(unread));
    PushRow(row, record.whole.data(), snapshot_.get(), aside);
  }
  counters_.kept.add(1);
}

/** Before a row of this record: where it is a new one, all that was in the log at the opening has
 * been read. The chunk was read before it is looked for: if there is no new record now, it has
 * none. */
void ReadLoop::CatchUpBefore(uint64_t seq) {
  if (first_new_seq_ == kNoSeq && !looked_) first_new_seq_ = device_->FirstNewSeq();
  looked_ = true;
  if (first_new_seq_ == kNoSeq || seq < first_new_seq_) return;
  OnCaughtUp(std::min(seq - 1, counters_.last_seq()));
}

void ReadLoop::OnCaughtUp(uint64_t last_seq) {
  caught_up_ = true;
  PushRow(RowOf(RowKind::kCaughtUp, last_seq), nullptr, nullptr);
}

void ReadLoop::PushRow(const Row& row, const char* record, const char* snapshot,
                       SlowFileReader* aside) {
  const uint64_t position = ring_->Push(row, record, snapshot);
  if (aside != nullptr) slow_.Hold(position, row, aside);
  if (slow_.empty()) ring_->PublishAll();
  wake_->OnRow(row.read_monotonic_us);
  if (ring_->Used() > ring_->capacity() / 2) wake_->Announce();
}

/** What a device that is never dry must not put off. */
[[gnu::hot]] void ReadLoop::OnTimePassing() {
  records_ += chunk_.records;
  if (records_ < kChunkRecords) return;
  records_ = 0;
  if (!caught_up_) LookNowAndThen();
  if (!wake_->has_news() && !wait_.counts_time()) return;
  const uint64_t now_us = ClockUs(CLOCK_MONOTONIC);
  wake_->OnTime(now_us);
  wait_.OnTime(now_us);
}

void ReadLoop::LookNowAndThen() {
  // Good to a few milliseconds at a fifth of the cost, and this is asked for each old record.
  const uint64_t now_us = ClockUs(CLOCK_MONOTONIC_COARSE);
  if (now_us - looked_us_ < kLookEveryUs) return;
  looked_us_ = now_us;
  CatchUpBefore(counters_.last_seq() + 1);
}

void ReadLoop::Fail(int error_number, const char* syscall) {
  while (!slow_.empty() && !stopping()) {
    WaitForControl();
    PublishHeld();
  }
  error_ = SystemError(error_number, syscall);
  failed_.store(true, std::memory_order_release);
  wake_->Announce();
}

}  // namespace kmsg
