#include "drain.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "clock.h"
#include "file_table.h"

namespace kmsg {
namespace {

// Once in many wake-ups of a poller on /dev/kmsg none was seen (Linux 6.18), so the device is read
// at least this often.
constexpr uint64_t kSafetyDrainUs = 1000 * 1000;

// After a loss the consumer looks for kills among what was lost, and has to know again and again
// that the log was read to its end, also where nothing names a process and so no vigil begins.
constexpr uint64_t kAfterLossWaitUs = 10 * 1000;
constexpr uint64_t kAfterLossUs = 30 * 1000 * 1000;

// A log that is written faster than it is read never answers EAGAIN; its reader must still learn
// that it is live.
constexpr uint64_t kCatchUpUs = 1000 * 1000;

constexpr uint64_t kAnnounceUs = 1000;

constexpr char kThreadName[] = "oomw-kmsg";
constexpr char kWakerName[] = "oomw-wake";

/** What one read can add: the record with its snapshot, a loss before it and the caught-up row
 * after it. */
size_t ReserveBytes(const Snapshots& snapshots) {
  return RowRing::RowBytes(kReadBytes + snapshots.max_bytes()) + 2 * RowRing::RowBytes(0);
}

static_assert(RowRing::RowBytes(kReadBytes + kSnapshotFilesMax * (4 + kSnapshotFileBytes)) +
                      2 * RowRing::RowBytes(0) <=
                  kMinRingBytes,
              "an empty ring has room for whatever one read can add");

}  // namespace

// What runs for every record is marked [[gnu::hot]], here and below: the linker then puts it side
// by side, in fewer pages. Each read(2) leaves the TLB and the caches cold.

Drain::Drain(std::unique_ptr<Device> device, EventFd control, DrainOptions options,
             std::function<void()> wake)
    : device_(std::move(device)),
      keep_(std::move(options.keep)),
      snapshots_(std::move(options.snapshots)),
      ring_(options.ring_bytes),
      control_(std::move(control)),
      waker_(std::move(wake)),
      reserve_bytes_(ReserveBytes(snapshots_)),
      enough_bytes_(std::max(ring_.capacity() / 2, reserve_bytes_)),
      snapshot_(new char[snapshots_.max_bytes()]) {}

std::unique_ptr<Drain> Drain::Start(std::unique_ptr<Device> device, DrainOptions options,
                                    std::function<void()> wake, IoError* error) {
  EventFd control;
  if (!control.valid()) {
    *error = SystemError(errno, "eventfd");
    return nullptr;
  }
  std::unique_ptr<Drain> drain(
      new Drain(std::move(device), std::move(control), std::move(options), std::move(wake)));
  if (!drain->ring_.valid()) {
    *error = SystemError(ENOMEM, "mmap");
  } else if (const int failure = drain->StartThreads(); failure != 0) {
    *error = SystemError(failure, "pthread_create");
  } else {
    return drain;
  }
  return nullptr;
}

int Drain::StartThreads() {
  const int failure = waker_.Start(kWakerName);
  return failure != 0 ? failure : thread_.Start(kThreadName, [this] { Run(); });
}

void Drain::Stop() {
  stopping_.store(true, std::memory_order_seq_cst);
  control_.Raise();
  thread_.Join();
  waker_.Stop();
}

void Drain::WakeDelivered() { wake_pending_.exchange(false, std::memory_order_acq_rel); }

Filled Drain::Fill(const Batch& batch) {
  const Filled filled = FillBatch(&ring_, batch);
  if (waiting_for_space_.load(std::memory_order_seq_cst) && ring_.Free() >= enough_bytes_) {
    waiting_for_space_.store(false, std::memory_order_seq_cst);
    control_.Raise();
  }
  return filled;
}

const IoError* Drain::TakeError() {
  if (error_taken_ || !failed_.load(std::memory_order_acquire) || ring_.Used() > 0) return nullptr;
  error_taken_ = true;
  return &error_;
}

Stats Drain::stats() const {
  Stats stats;
  stats.dry = dry_.load(std::memory_order_acquire);
  stats.has_seq = has_seq_.load(std::memory_order_acquire);
  stats.read = read_.get();
  stats.kept = kept_.get();
  stats.bytes = bytes_.get();
  stats.overruns = overruns_.get();
  stats.oversize = oversize_.get();
  stats.malformed = malformed_.get();
  stats.lost = lost_.get();
  stats.ring_full = ring_full_.get();
  stats.first_seq = first_seq_.get();
  stats.last_seq = last_seq_.get();
  return stats;
}

void Drain::Run() {
  if (snapshots_.max_slow_bytes() > 0) {
    // They are handed open files.
    StartAsideReaders();
  } else {
    // The C library and sanitizers have their last words on the standard error.
    UnshareFileTable({STDERR_FILENO, control_.fd(), device_->fd()});
  }
  opened_us_ = ClockUs(CLOCK_MONOTONIC_COARSE);
  while (ReadUntilDry() == Dry::kYes) {
    if (!caught_up_) OnCaughtUp();
    if (unannounced_) Announce();
    if (!WaitForReadiness()) return;
  }
}

[[gnu::hot]] Drain::Dry Drain::ReadUntilDry() {
  while (!stopping() && MakeSpace()) {
    const size_t fit = ring_.Free() / reserve_bytes_;
    const ssize_t end = device_->Read(std::min(fit, at_one_go_), &chunk_);
    OnChunk();
    if (!held_.empty()) PublishHeld();
    if (end > 0) {
      at_one_go_ = std::min(2 * at_one_go_, kChunkRecords);
      continue;
    }
    switch (-end) {
      case EAGAIN:
        at_one_go_ = 1;
        if (held_.empty()) dry_.fetch_add(1, std::memory_order_release);
        return Dry::kYes;
      case EINTR:
        break;
      case EPIPE:
        // The position is now that of the oldest record, which is not a fresh one; how many are
        // lost its number tells.
        overruns_.add(1);
        fresh_ = false;
        break;
      case EINVAL:
        oversize_.add(1);
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
bool Drain::WaitForReadiness() {
  if (vigil_.on()) vigil_.BeforeWait(ClockUs(CLOCK_MONOTONIC));
  const Device::Readiness readiness = device_->Wait(control_.fd(), LongestWaitUs());
  if (vigil_.on()) vigil_.AfterWait(ClockUs(CLOCK_MONOTONIC));
  if (readiness.error_number != 0) {
    Fail(readiness.error_number, "poll");
    return false;
  }
  if (readiness.control) control_.Lower();
  fresh_ = readiness.readable;
  return !stopping();
}

uint64_t Drain::LongestWaitUs() {
  if (vigil_.on()) return kVigilWaitUs;
  if (lost_until_us_ == 0) return kSafetyDrainUs;
  if (ClockUs(CLOCK_MONOTONIC) < lost_until_us_) return kAfterLossWaitUs;
  lost_until_us_ = 0;
  return kSafetyDrainUs;
}

/** Whether there is room for whatever the next read brings. False: the thread ends. */
[[gnu::hot]] bool Drain::MakeSpace() {
  if (ring_.Free() >= reserve_bytes_) return true;
  ring_full_.add(1);
  fresh_ = false;
  WaitForSpace();
  return !stopping();
}

void Drain::WaitForSpace() {
  waiting_for_space_.store(true, std::memory_order_seq_cst);
  // The consumer that emptied the ring just before the flag was up did not see it, and may be
  // asleep by now.
  if (ring_.Free() >= enough_bytes_) {
    waiting_for_space_.store(false, std::memory_order_seq_cst);
    return;
  }
  Announce();
  while (!stopping() && waiting_for_space_.load(std::memory_order_seq_cst)) {
    WaitForControl();
    if (!held_.empty()) PublishHeld();
  }
}

void Drain::WaitForControl() {
  pollfd control = {control_.fd(), POLLIN, 0};
  poll(&control, 1, -1);
  control_.Lower();
}

[[gnu::hot]] void Drain::OnChunk() {
  read_at_.known = false;
  const char* record = chunk_.bytes;
  for (size_t i = 0; i < chunk_.records; record += chunk_.lengths[i++]) {
    OnRecord({record, chunk_.lengths[i]});
  }
  OnTimePassing();
}

[[gnu::hot]] void Drain::OnRecord(std::string_view bytes) {
  const bool fresh = fresh_;
  fresh_ = false;
  read_.add(1);
  bytes_.add(bytes.size());
  Record record;
  if (!SplitRecord(bytes, &record)) {
    malformed_.add(1);
    return;
  }
  OnSequence(record.seq);
  if (keep_.Keeps(record)) Keep(record, fresh);
}

[[gnu::hot]] void Drain::OnSequence(uint64_t seq) {
  if (!has_seq_.load(std::memory_order_relaxed)) {
    first_seq_.set(seq);
    last_seq_.set(seq);
    has_seq_.store(true, std::memory_order_release);
    return;
  }
  const uint64_t last = last_seq_.get();
  if (seq <= last) return;
  const uint64_t lost = seq - last - 1;
  if (lost > 0) {
    lost_.add(lost);
    Row row = RowOf(RowKind::kLoss, last + 1);
    row.lost = lost;
    lost_until_us_ = row.read_monotonic_us + kAfterLossUs;
    PushRow(row, nullptr, nullptr);
  }
  last_seq_.set(seq);
}

/** A row of what was read last. */
Row Drain::RowOf(RowKind kind, uint64_t seq) {
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

void Drain::Keep(const Record& record, bool fresh) {
  Row row = RowOf(RowKind::kRecord, record.seq);
  AsideReader* const aside = IdleAsideReader();
  Unread unread;
  row.snapshot_length = static_cast<uint32_t>(
      snapshots_.Take(record, snapshot_.get(), aside != nullptr ? &unread : nullptr));
  // What was in the log at opening names processes that died long ago.
  if (row.snapshot_length > 0 && caught_up_) vigil_.Begin(row.read_monotonic_us);
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
  kept_.add(1);
}

void Drain::OnCaughtUp() {
  caught_up_ = true;
  PushRow(RowOf(RowKind::kCaughtUp, last_seq_.get()), nullptr, nullptr);
}

void Drain::PushRow(const Row& row, const char* record, const char* snapshot, AsideReader* aside) {
  const uint64_t position = ring_.Push(row, record, snapshot);
  if (aside != nullptr) held_.push_back({position, row, aside});
  if (held_.empty()) ring_.PublishAll();
  if (!unannounced_) {
    unannounced_ = true;
    unannounced_since_us_ = row.read_monotonic_us;
  }
  if (ring_.Used() > ring_.capacity() / 2) Announce();
}

void Drain::StartAsideReaders() {
  while (aside_readers_.size() < kAsideReaders) {
    std::unique_ptr<AsideReader> reader =
        AsideReader::Start(snapshots_.max_slow_bytes(), &control_);
    if (reader == nullptr) return;
    aside_readers_.push_back(std::move(reader));
  }
}

/** Null: the thread has to read for itself. */
AsideReader* Drain::IdleAsideReader() const {
  for (const std::unique_ptr<AsideReader>& reader : aside_readers_) {
    if (reader->idle()) return reader.get();
  }
  return nullptr;
}

/** Publishes the rows whose snapshots are there, as far as none before them is missing. */
void Drain::PublishHeld() {
  const size_t before = held_.size();
  while (!held_.empty() && held_.front().aside->ended()) {
    Held& first = held_.front();
    ring_.Extend(first.position, &first.row, first.aside->Take());
    held_.erase(held_.begin());
  }
  if (held_.size() == before) return;
  if (held_.empty()) {
    ring_.PublishAll();
  } else {
    ring_.Publish(held_.front().position);
  }
  Announce();
}

/** What a device that is never dry must not put off. */
[[gnu::hot]] void Drain::OnTimePassing() {
  records_ += chunk_.records;
  if (records_ < kChunkRecords) return;
  records_ = 0;
  // The coarse clock is good to a few milliseconds at a fifth of the cost, and this is asked for
  // each old record.
  if (!caught_up_ && ClockUs(CLOCK_MONOTONIC_COARSE) - opened_us_ >= kCatchUpUs) OnCaughtUp();
  if (!unannounced_ && !vigil_.on()) return;
  const uint64_t now_us = ClockUs(CLOCK_MONOTONIC);
  if (unannounced_ && now_us - unannounced_since_us_ >= kAnnounceUs) Announce();
  if (vigil_.on()) vigil_.Spend(now_us);
}

void Drain::Announce() {
  unannounced_ = false;
  // acq_rel here and in WakeDelivered: a wake that is left out because one is pending still hands
  // over the rows before it.
  if (!wake_pending_.exchange(true, std::memory_order_acq_rel)) waker_.Ask();
}

void Drain::Fail(int error_number, const char* syscall) {
  while (!held_.empty() && !stopping()) {
    WaitForControl();
    PublishHeld();
  }
  error_ = SystemError(error_number, syscall);
  failed_.store(true, std::memory_order_release);
  Announce();
}

}  // namespace kmsg
