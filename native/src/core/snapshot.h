#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "record.h"

namespace kmsg {

/** A file in a snapshot is cut here. */
constexpr size_t kSnapshotFileBytes = 8192;

/** A rule's files, so that record and snapshot fit the 64 KiB that a reader's arena has. */
constexpr size_t kSnapshotFilesMax = 6;

/** Files of a folder that are read when a record names a number, `%` in the folder's path standing
 * for it. */
struct SnapshotRule {
  /** Not empty. */
  std::string marker;
  std::string folder;
  /** Paths in the folder, at most kSnapshotFilesMax. */
  std::vector<std::string> files;
};

class Snapshots {
 public:
  explicit Snapshots(std::vector<SnapshotRule> rules);

  /** The most that Take ever writes. */
  size_t max_bytes() const { return max_bytes_; }

  /**
   * Reads the files of the first rule whose marker is directly followed by a number, in the rule's
   * order, and returns how many bytes it wrote to `out`: for each file int32 n (little-endian) and
   * n bytes, or -errno and none. 0: no rule asks for this record.
   *
   * The folder is opened once. That of a process in /proc is of this process for ever: when its
   * number has passed to another one, the rest of the files is gone (ESRCH, ENOENT), so all that
   * are read are of one process.
   */
  size_t Take(const Record& record, char* out) const;

 private:
  std::vector<SnapshotRule> rules_;
  size_t max_bytes_ = 0;
};

}  // namespace kmsg
