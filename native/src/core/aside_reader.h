#pragma once

#include <atomic>
#include <memory>
#include <string_view>

#include "event_fd.h"
#include "snapshot.h"
#include "thread.h"

namespace kmsg {

/**
 * A thread that reads slow files of snapshots, one snapshot at a time. It waits for them and is not
 * begun for each: a new thread has to queue behind those that run, and the process whose files they
 * are is gone by then.
 */
class AsideReader {
 public:
  /** Null: there was no thread. `ended` is raised at the end of each reading. */
  static std::unique_ptr<AsideReader> Start(size_t max_bytes, EventFd* ended);

  /** Waits for the end of what it reads. */
  ~AsideReader();

  /** Whether it has nothing to read and nothing that was not taken. */
  bool idle() const { return idle_; }

  /** The reader is idle. */
  void Begin(Unread unread);

  bool ended() const { return ended_.load(std::memory_order_acquire); }

  /** What was read, see Unread::Read, until the next Begin. It has ended, and is idle again. */
  std::string_view Take();

 private:
  AsideReader(size_t max_bytes, EventFd* raised);

  void Run();

  EventFd* const raised_;
  EventFd begin_;
  bool idle_ = true;
  std::atomic<bool> stopping_{false};
  /** What is below belongs to the thread while this is false. */
  std::atomic<bool> ended_{true};
  Unread unread_;
  size_t length_ = 0;
  const std::unique_ptr<char[]> bytes_;
  Thread thread_;
};

}  // namespace kmsg
