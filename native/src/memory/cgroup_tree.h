#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "../core/io_error.h"
#include "../core/unique_fd.h"
#include "cgroup.h"
#include "memory_text.h"

namespace kmsg {

/**
 * The directories of the memory hierarchy and their limits, followed by inotify: the tree is walked
 * once. A cgroup that was made in another cgroup namespace is of another superblock, whose changes
 * inotify does not tell; by their number of links, and by reading its limit again, directories are
 * checked now and then.
 *
 * One thread's; `gone` is called for each cgroup that has been recorded before it goes.
 */
class CgroupTree {
 public:
  CgroupTree(CgroupVersion version, std::string root, std::function<void(Cgroup*)> gone);

  /** Walks the tree. False: its root cannot be read. */
  bool Open(IoError* error);

  /** Takes what has changed, so much at a time: whoever makes cgroups in a loop keeps nobody here.
   */
  void Follow();
  /** Looks for what inotify did not tell. */
  void Check();

  /** Readable when Follow has something to take; -1 without inotify. */
  int changes_fd() const { return inotify_.get(); }

  /** Whether inotify has told that it lost changes, and Check has not been since. */
  bool lost() const { return lost_; }

  /** Whether Check is all there is for some directories: there are no more watches to be had. */
  bool lacks_watches() const { return unwatched_ > 0; }
  /** Whether there were more cgroups, or deeper ones, than are followed. */
  bool left_out() const { return left_out_; }
  size_t size() const { return size_; }
  size_t limited() const { return limited_; }

  /** Called for a cgroup whose limit, or one above it, is new or gone. */
  std::function<void(Cgroup*)> changed;

  /** A file of the cgroup. */
  UniqueFd OpenFile(const Cgroup& cgroup, const char* file) const;
  /** Its directory, for reading nothing of itself. */
  UniqueFd OpenFolder(const Cgroup& cgroup) const;

 private:
  void Add(Cgroup* parent, std::string name);
  void AddChildren(Cgroup* cgroup);
  void Remove(Cgroup* cgroup);
  void RemoveBelow(Cgroup* cgroup);
  void ReadLimit(Cgroup* cgroup);
  void Tell(Cgroup* cgroup);
  void CheckBelow(Cgroup* cgroup, bool is_told);
  /** Whether its name is another directory's by now. */
  bool IsAnother(const Cgroup& cgroup) const;

  const CgroupVersion version_;
  const std::string root_path_;
  const std::function<void(Cgroup*)> gone_;
  Cgroup root_;
  UniqueFd root_folder_;
  UniqueFd inotify_;
  std::unordered_map<int, Cgroup*> watches_;
  size_t size_ = 0;
  size_t limited_ = 0;
  size_t unwatched_ = 0;
  bool left_out_ = false;
  bool lost_ = false;
};

/** Of what one reading of a file gives; what is longer is cut. */
std::string_view ReadText(int fd, char* buffer, size_t size);

}  // namespace kmsg
