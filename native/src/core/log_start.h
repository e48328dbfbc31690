#pragma once

#include <cstdint>
#include <string>

#include "record.h"
#include "unique_fd.h"

namespace kmsg {

/**
 * Tells what was in the log when it was opened: a file of its own that begins behind the newest
 * record of that moment. What it reads first was written after it.
 *
 * Not by time: the clock of the records is none of user space's, and drifts away from all of them.
 */
class LogStart {
 public:
  /** Marks the end that the log has now. Where that is not possible nothing is ever known. */
  explicit LogStart(const std::string& path);

  /** The number of the first record that was written after the mark; kNoSeq: none was yet. To be
   * asked until it is known. Never blocks. */
  uint64_t FirstNewSeq();

  /** Negative: it could not be opened. */
  int fd() const { return fd_.get(); }

 private:
  UniqueFd fd_;
};

}  // namespace kmsg
