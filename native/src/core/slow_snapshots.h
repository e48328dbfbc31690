#pragma once

#include <memory>
#include <vector>

#include "event_fd.h"
#include "row_ring.h"
#include "slow_file_reader.h"

namespace kmsg {

/** Snapshots whose slow files are read aside at a time; further ones the reading thread reads
 * itself. */
constexpr size_t kSlowFileReaders = 8;

/**
 * The rows whose snapshots' slow files are read by other threads, while the reading thread goes on
 * with the log. Rows keep their order: those after the first that is not whole are held back too.
 */
class SlowSnapshots {
 public:
  /** `control` is raised when a snapshot is whole. */
  SlowSnapshots(RowRing* ring, EventFd* control) : ring_(ring), control_(control) {}

  /** `max_bytes`: the most that one reading brings. Fewer threads, or none, where the system
   * refuses them. */
  void Start(size_t max_bytes);

  /** Null: the reading thread has to read for itself. */
  SlowFileReader* IdleReader() const;

  /** Begins to read the slow files of a row that was pushed to the ring. */
  void Hold(uint64_t position, const Row& row, SlowFileReader* reader);

  /** Whether no row is held back. */
  bool empty() const { return held_.empty(); }

  /** Publishes the rows whose snapshots are whole, as far as none before them is not. Returns
   * whether there were any. */
  bool PublishWhole();

 private:
  struct Held {
    uint64_t position;
    Row row;
    SlowFileReader* reader;
  };

  RowRing* const ring_;
  EventFd* const control_;
  std::vector<std::unique_ptr<SlowFileReader>> readers_;
  std::vector<Held> held_;
};

}  // namespace kmsg
