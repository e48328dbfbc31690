#pragma once

#include <functional>
#include <memory>

#include "batch.h"
#include "device.h"
#include "event_fd.h"
#include "io_error.h"
#include "keep_filter.h"
#include "read_loop.h"
#include "row_ring.h"
#include "snapshot.h"
#include "stats.h"
#include "thread.h"
#include "wake_policy.h"

namespace kmsg {

struct DrainOptions {
  /** At least kMinRingBytes. */
  size_t ring_bytes;
  KeepFilter keep;
  Snapshots snapshots;
};

constexpr size_t kMinRingBytes = 64 * 1024;

/** The thread that reads the device into the memory ring (ReadLoop), and the consumer's side of it.
 */
class Drain {
 public:
  /** `wake` is called on a thread of its own, see WakePolicy. Null: `error` says why. */
  static std::unique_ptr<Drain> Start(std::unique_ptr<Device> device, DrainOptions options,
                                      std::function<void()> wake, IoError* error);

  ~Drain() { Stop(); }

  /** Stops and joins the threads, whatever they wait for; `wake` is not called any more after that.
   * Idempotent. */
  void Stop();

  /** The consumer has seen the wake and is about to fill batches until it gets no row: what comes
   * later is a new wake. */
  void WakeDelivered() { wake_.Delivered(); }

  /** Has the thread read what is in the log by now, though nothing has woken it. */
  void Look() { control_.Raise(); }

  /** Consumer. Moves as many rows as fit into `batch`. */
  Filled Fill(const Batch& batch);

  /** Consumer. Why the thread ended, once and after the last row; else null. */
  const IoError* TakeError();

  Stats stats() const { return loop_.stats(); }

 private:
  Drain(std::unique_ptr<Device> device, EventFd control, DrainOptions options,
        std::function<void()> wake);

  int StartThreads();

  RowRing ring_;
  EventFd control_;
  WakePolicy wake_;
  Thread thread_;
  bool error_taken_ = false;
  /** The thread runs in it; last, for its end is far from its beginning. */
  ReadLoop loop_;
};

}  // namespace kmsg
