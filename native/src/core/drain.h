#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "aside_reader.h"
#include "batch.h"
#include "device.h"
#include "event_fd.h"
#include "io_error.h"
#include "keep_filter.h"
#include "record.h"
#include "row_ring.h"
#include "snapshot.h"
#include "stats.h"
#include "thread.h"
#include "vigil.h"
#include "worker.h"

namespace kmsg {

struct DrainOptions {
  /** At least kMinRingBytes. */
  size_t ring_bytes;
  KeepFilter keep;
  Snapshots snapshots;
};

constexpr size_t kMinRingBytes = 64 * 1024;

/** Snapshots whose slow files are read aside at a time; further ones the thread reads itself. */
constexpr size_t kAsideReaders = 8;

/**
 * The thread that reads the device into the memory ring, and the consumer's side of it.
 *
 * It polls, reads until EAGAIN (and for a while after a record that named a dying process does so
 * without waiting for the poll, see Vigil), and wakes the consumer once per batch: when the device
 * is dry, or before that when the ring is half full or the oldest row that was not announced is 1
 * ms old. A wake that the consumer has not answered yet (WakeDelivered) is not repeated.
 */
class Drain {
 public:
  /** `wake` is called on a thread of its own. Null: `error` says why. */
  static std::unique_ptr<Drain> Start(std::unique_ptr<Device> device, DrainOptions options,
                                      std::function<void()> wake, IoError* error);

  ~Drain() { Stop(); }

  /** Stops and joins the threads, whatever they wait for; `wake` is not called any more after that.
   * Idempotent. */
  void Stop();

  /** The consumer has seen the wake and is about to fill batches until it gets no row: what comes
   * later is a new wake. */
  void WakeDelivered();

  /** Consumer. Moves as many rows as fit into `batch`. */
  Filled Fill(const Batch& batch);

  /** Consumer. Why the thread ended, once and after the last row; else null. */
  const IoError* TakeError();

  Stats stats() const;

 private:
  enum class Dry { kYes, kEnded };

  Drain(std::unique_ptr<Device> device, EventFd control, DrainOptions options,
        std::function<void()> wake);

  int StartThreads();
  void Run();
  Dry ReadUntilDry();
  bool WaitForReadiness();
  uint64_t LongestWaitUs();
  bool MakeSpace();
  void WaitForSpace();
  void WaitForControl();

  void OnChunk();
  void OnRecord(std::string_view bytes);
  void OnSequence(uint64_t seq);
  Row RowOf(RowKind kind, uint64_t seq);
  void Keep(const Record& record, bool fresh);
  void OnCaughtUp();
  void PushRow(const Row& row, const char* record, const char* snapshot,
               AsideReader* aside = nullptr);
  void StartAsideReaders();
  AsideReader* IdleAsideReader() const;
  void PublishHeld();
  void OnTimePassing();
  void Announce();
  void Fail(int error_number, const char* syscall);

  bool stopping() const { return stopping_.load(std::memory_order_acquire); }

  const std::unique_ptr<Device> device_;
  const KeepFilter keep_;
  const Snapshots snapshots_;
  RowRing ring_;
  /** Raised to stop the thread and when space was made for it. */
  EventFd control_;
  /** Wakes the consumer. That takes microseconds, in which this thread would not read the log; and
   * it may lack the file descriptor by which it is done (UnshareFileTable). */
  Worker waker_;
  Thread thread_;

  /** Free in the ring before every read. */
  const size_t reserve_bytes_;
  /**
   * Free in the ring before a thread that waited for space reads on: a good part of it, or a slow
   * consumer would put the thread to sleep and wake it for every single record.
   */
  const size_t enough_bytes_;

  /** A row whose snapshot is being read aside. It and those after it are not published yet. */
  struct Held {
    uint64_t position;
    Row row;
    AsideReader* aside;
  };

  // The thread's own.
  std::vector<std::unique_ptr<AsideReader>> aside_readers_;
  std::vector<Held> held_;
  const std::unique_ptr<char[]> snapshot_;
  Vigil vigil_;
  /** When the chunk was read; found out when a row needs it. */
  struct {
    bool known;
    uint64_t monotonic_us;
    uint64_t realtime_us;
  } read_at_ = {};
  /** Records that are read before they are looked at: after a dry log one, for its process is dying
   * now, and the more the longer the log goes on. */
  size_t at_one_go_ = 1;
  /** Since the thread looked at the clock. */
  size_t records_ = 0;
  uint64_t opened_us_ = 0;
  /** Until then it looks more often, for records were lost; 0: none were. */
  uint64_t lost_until_us_ = 0;
  uint64_t unannounced_since_us_ = 0;
  bool unannounced_ = false;
  bool caught_up_ = false;
  bool fresh_ = false;

  // Shared.
  std::atomic<bool> stopping_{false};
  std::atomic<bool> waiting_for_space_{false};
  std::atomic<bool> wake_pending_{false};
  std::atomic<bool> failed_{false};
  IoError error_;
  bool error_taken_ = false;

  Published<uint64_t> read_, kept_, bytes_, overruns_, oversize_, malformed_, lost_, ring_full_;
  Published<uint64_t> first_seq_, last_seq_;
  std::atomic<bool> has_seq_{false};
  /** Whoever sees a number here sees every row and count from before it. */
  std::atomic<uint64_t> dry_{0};

  /** The thread's own; last, so that what stands above shares pages. */
  Chunk chunk_;
};

}  // namespace kmsg
