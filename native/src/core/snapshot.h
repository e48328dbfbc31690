#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "record.h"
#include "snapshot_file.h"
#include "unique_fd.h"

namespace kmsg {

/** A rule's files, so that record and snapshot fit the 64 KiB that a reader's arena has. */
constexpr size_t kSnapshotFilesMax = 6;

/** Files of a folder that are read when a record names a number, `%` in the folder's path standing
 * for it. */
struct SnapshotRule {
  /** Not empty. */
  std::string marker;
  std::string folder;
  /** Paths in the folder. */
  std::vector<std::string> files;
  /** The same, read after these; reading them may wait for a lock that others hold for long. With
   * `files` at most kSnapshotFilesMax. */
  std::vector<std::string> slow_files = {};

  size_t files_in_all() const { return files.size() + slow_files.size(); }
};

/** Files of a snapshot that are left to be read. */
struct Unread {
  UniqueFd folder;
  /** The rule's; null: none is left. */
  const std::vector<std::string>* files = nullptr;

  /** Writes them to `out`, see ReadSnapshotFile. */
  size_t Read(char* out) const;
  /** The most that Read ever writes. */
  size_t MaxBytes() const { return files->size() * kSnapshotEntryBytes; }
};

class Snapshots {
 public:
  explicit Snapshots(std::vector<SnapshotRule> rules);

  /** The most that Take ever writes. */
  size_t max_bytes() const { return max_bytes_; }

  /** The most that Take ever leaves to be read. */
  size_t max_slow_bytes() const { return max_slow_bytes_; }

  /**
   * Reads the files of the first rule whose marker is directly followed by a number, in the rule's
   * order, and returns how many bytes it wrote to `out`, see ReadSnapshotFile. 0: no rule asks for
   * this record. The slow files are left to `unread`, when that is given.
   *
   * The folder is opened once. That of a process in /proc is of this process for ever: when its
   * number has passed to another one, the rest of the files is gone (ESRCH, ENOENT), so all that
   * are read are of one process.
   */
  size_t Take(const Record& record, char* out, Unread* unread = nullptr) const;

 private:
  std::vector<SnapshotRule> rules_;
  size_t max_bytes_ = 0;
  size_t max_slow_bytes_ = 0;
};

}  // namespace kmsg
