#pragma once

#include <atomic>
#include <memory>
#include <string_view>

#include "counters.h"
#include "device.h"
#include "event_fd.h"
#include "io_error.h"
#include "keep_filter.h"
#include "read_chunk.h"
#include "record.h"
#include "ring_space.h"
#include "row_ring.h"
#include "slow_snapshots.h"
#include "snapshot.h"
#include "wait_policy.h"
#include "wake_policy.h"

namespace kmsg {

/**
 * What the reading thread does: polls the device, reads until EAGAIN, makes a row of each record
 * that is wanted and of each loss, and puts it into the ring.
 */
class ReadLoop {
 public:
  /** `control` is raised to stop the loop, when the ring has space for it, and when a snapshot that
   * is read aside is whole. */
  ReadLoop(std::unique_ptr<Device> device, KeepFilter keep, Snapshots snapshots, RowRing* ring,
           EventFd* control, WakePolicy* wake);

  /** The thread. Returns when it was stopped or the device failed. */
  void Run();

  /** Any thread. */
  void Stop();

  /** Consumer: it has taken rows from the ring. */
  void OnTaken() { space_.OnTaken(); }

  /** Any thread: why the loop ended by itself, after the last row; null: it has not. */
  const IoError* error() const {
    return failed_.load(std::memory_order_acquire) ? &error_ : nullptr;
  }

  Stats stats() const { return counters_.Copy(); }

 private:
  enum class Dry { kYes, kEnded };

  Dry ReadUntilDry();
  bool WaitForReadiness();
  bool MakeSpace();
  void WaitForSpace();
  void WaitForControl();
  void PublishHeld();

  void OnChunk();
  void OnRecord(std::string_view bytes);
  void OnSequence(uint64_t seq);
  Row RowOf(RowKind kind, uint64_t seq);
  void Keep(const Record& record, bool fresh);
  void CatchUpBefore(uint64_t seq);
  void OnCaughtUp(uint64_t last_seq);
  void PushRow(const Row& row, const char* record, const char* snapshot,
               SlowFileReader* aside = nullptr);
  void OnTimePassing();
  void LookNowAndThen();
  void Fail(int error_number, const char* syscall);

  bool stopping() const { return stopping_.load(std::memory_order_acquire); }

  const std::unique_ptr<Device> device_;
  const KeepFilter keep_;
  const Snapshots snapshots_;
  RowRing* const ring_;
  EventFd* const control_;
  WakePolicy* const wake_;
  RingSpace space_;
  SlowSnapshots slow_;
  WaitPolicy wait_;
  Counters counters_;

  const std::unique_ptr<char[]> snapshot_;
  /** When the chunk was read; found out when a row needs it. */
  struct {
    bool known;
    uint64_t monotonic_us;
    uint64_t realtime_us;
  } read_at_ = {};
  /** Records that are read before they are looked at: after a dry log one, for its process is dying
   * now, and the more the longer the log goes on. */
  size_t chunk_records_ = 1;
  /** Since the thread looked at the clock. */
  size_t records_ = 0;
  /** Of the records that were written after the opening the first, once one is known. */
  uint64_t first_new_seq_ = kNoSeq;
  /** When it was looked for, and whether it was since the chunk was read. */
  uint64_t looked_us_ = 0;
  bool looked_ = false;
  bool caught_up_ = false;
  bool fresh_ = false;

  std::atomic<bool> stopping_{false};
  std::atomic<bool> failed_{false};
  IoError error_;

  /** Last, so that what stands above shares pages. */
  Chunk chunk_;
};

}  // namespace kmsg
