#pragma once

#include <atomic>
#include <memory>
#include <string_view>

#include "event_fd.h"
#include "snapshot.h"
#include "worker.h"

namespace kmsg {

/** A thread that reads slow files of snapshots, one snapshot at a time. It stands ready: by the
 * time that a new one ran, the process whose files they are would be gone. */
class SlowFileReader {
 public:
  /** Null: there was no thread. `ended` is raised at the end of each reading. Its destruction waits
   * for the end of what it reads. */
  static std::unique_ptr<SlowFileReader> Start(size_t max_bytes, EventFd* ended);

  /** Whether it has nothing to read and nothing that was not taken. */
  bool idle() const { return idle_; }

  /** The reader is idle. */
  void Begin(Unread unread);

  bool ended() const { return ended_.load(std::memory_order_acquire); }

  /** What was read, see Unread::Read, until the next Begin. It has ended, and is idle again. */
  std::string_view Take();

 private:
  SlowFileReader(size_t max_bytes, EventFd* raised);

  void Read();

  EventFd* const raised_;
  bool idle_ = true;
  /** What is below belongs to the thread while this is false. */
  std::atomic<bool> ended_{true};
  Unread unread_;
  size_t length_ = 0;
  const std::unique_ptr<char[]> bytes_;
  /** Last: it uses what stands above to its end. */
  Worker worker_;
};

}  // namespace kmsg
