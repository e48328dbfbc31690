#include "cgroup_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>

#include <cerrno>
#include <memory>
#include <set>
#include <utility>
#include <vector>

namespace kmsg {
namespace {

constexpr uint32_t kChanges = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_MODIFY |
                              IN_ONLYDIR | IN_DONT_FOLLOW | IN_EXCL_UNLINK;

const char* LimitFile(CgroupVersion version) {
  return version == CgroupVersion::kV1 ? "memory.limit_in_bytes" : "memory.max";
}

/** A container that makes its own cgroups must not cost more; and each level is a frame on the
 * stack, which musl makes small. */
constexpr size_t kMaxCgroups = 20'000;
constexpr int kMaxDepth = 64;

/** Some 1,400 changes. */
constexpr int kMaxReads = 4;

int DepthOf(const Cgroup& cgroup) {
  int depth = 0;
  for (const Cgroup* at = &cgroup; at != nullptr; at = at->parent) depth++;
  return depth;
}

struct CloseFolder {
  void operator()(DIR* folder) const { closedir(folder); }
};

/** 0: there is none. */
uint64_t InodeOf(const UniqueFd& fd) {
  struct stat status;
  return fd.valid() && fstat(fd.get(), &status) == 0 ? status.st_ino : 0;
}

/** Empty, too: it is gone, or not ours to read. */
std::set<std::string> FoldersIn(UniqueFd fd) {
  std::set<std::string> names;
  if (!fd.valid()) return names;
  const std::unique_ptr<DIR, CloseFolder> folder(fdopendir(fd.get()));
  if (!folder) return names;
  fd.release();
  while (const dirent* entry = readdir(folder.get())) {
    const std::string_view name = entry->d_name;
    if (entry->d_type == DT_DIR && name != "." && name != "..") names.emplace(name);
  }
  return names;
}

}  // namespace

std::string_view ReadText(int fd, char* buffer, size_t size) {
  ssize_t got;
  do {
    got = pread(fd, buffer, size, 0);
  } while (got < 0 && errno == EINTR);
  return {buffer, got > 0 ? static_cast<size_t>(got) : 0};
}

CgroupTree::CgroupTree(CgroupVersion version, std::string root, std::function<void(Cgroup*)> gone)
    : version_(version), root_path_(std::move(root)), gone_(std::move(gone)) {}

bool CgroupTree::Open(IoError* error) {
  root_folder_ = UniqueFd(open(root_path_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!root_folder_.valid()) {
    *error = SystemError(errno, "open");
    return false;
  }
  // Without inotify (its instances are counted for each user) there are the checks.
  inotify_ = UniqueFd(inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  root_.watch =
      inotify_.valid() ? inotify_add_watch(inotify_.get(), root_path_.c_str(), kChanges) : -1;
  if (root_.watch >= 0) {
    watches_[root_.watch] = &root_;
  } else {
    unwatched_++;
  }
  AddChildren(&root_);
  return true;
}

UniqueFd CgroupTree::OpenFile(const Cgroup& cgroup, const char* file) const {
  if (cgroup.recorded && cgroup.recorded->folder.valid()) {
    return UniqueFd(openat(cgroup.recorded->folder.get(), file, O_RDONLY | O_CLOEXEC));
  }
  const std::string path = cgroup.path() + "/" + file;
  return UniqueFd(openat(root_folder_.get(), path.c_str() + 1, O_RDONLY | O_CLOEXEC));
}

UniqueFd CgroupTree::OpenFolder(const Cgroup& cgroup) const {
  const std::string path = cgroup.path();
  return UniqueFd(openat(root_folder_.get(), path.c_str() + 1, O_PATH | O_DIRECTORY | O_CLOEXEC));
}

void CgroupTree::AddChildren(Cgroup* cgroup) {
  const std::string path = root_path_ + cgroup->path();
  for (const std::string& name :
       FoldersIn(UniqueFd(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)))) {
    Add(cgroup, name);
  }
}

void CgroupTree::Add(Cgroup* parent, std::string name) {
  if (parent->children.count(name) > 0) return;
  if (size_ >= kMaxCgroups || DepthOf(*parent) >= kMaxDepth) {
    left_out_ = true;
    return;
  }
  auto made = std::make_unique<Cgroup>();
  Cgroup* const cgroup = made.get();
  cgroup->name = name;
  cgroup->parent = parent;
  parent->children.emplace(std::move(name), std::move(made));
  size_++;
  // Before its children are looked for: one that is made in between is told, or found, or both.
  const std::string path = root_path_ + cgroup->path();
  if (inotify_.valid()) cgroup->watch = inotify_add_watch(inotify_.get(), path.c_str(), kChanges);
  if (cgroup->watch >= 0) {
    watches_[cgroup->watch] = cgroup;
  } else {
    unwatched_++;
  }
  cgroup->inode = InodeOf(OpenFolder(*cgroup));
  ReadLimit(cgroup);
  if (cgroup->nearest_limit() != kNoKib) changed(cgroup);
  AddChildren(cgroup);
}

void CgroupTree::RemoveBelow(Cgroup* cgroup) {
  for (auto& [name, child] : cgroup->children) {
    RemoveBelow(child.get());
    if (child->recorded) gone_(child.get());
    if (child->watch >= 0) {
      watches_.erase(child->watch);
    } else {
      unwatched_--;
    }
    if (child->limit != kNoKib) limited_--;
    size_--;
  }
  cgroup->children.clear();
}

void CgroupTree::Remove(Cgroup* cgroup) {
  Cgroup* const parent = cgroup->parent;
  // As the only child of a stand-in, for what is done for all below is done for it too.
  Cgroup removed;
  const auto at = parent->children.find(cgroup->name);
  removed.children.emplace(at->first, std::move(at->second));
  parent->children.erase(at);
  RemoveBelow(&removed);
}

void CgroupTree::ReadLimit(Cgroup* cgroup) {
  char text[64];
  const UniqueFd file = OpenFile(*cgroup, LimitFile(version_));
  // Of one that has no memory controller there is no such file.
  const uint32_t limit =
      file.valid() ? ParseLimit(ReadText(file.get(), text, sizeof text)) : kNoKib;
  if (limit == cgroup->limit) return;
  limited_ += limit != kNoKib;
  limited_ -= cgroup->limit != kNoKib;
  cgroup->limit = limit;
}

void CgroupTree::Tell(Cgroup* cgroup) {
  changed(cgroup);
  for (auto& [name, child] : cgroup->children) Tell(child.get());
}

void CgroupTree::Follow() {
  if (!inotify_.valid()) return;
  alignas(inotify_event) char events[16 * 1024];
  for (int reads = 0; reads < kMaxReads; reads++) {
    const ssize_t got = read(inotify_.get(), events, sizeof events);
    if (got <= 0) break;
    for (ssize_t at = 0; at < got;) {
      const auto* const event = reinterpret_cast<const inotify_event*>(events + at);
      at += static_cast<ssize_t>(sizeof *event) + event->len;
      lost_ = lost_ || (event->mask & IN_Q_OVERFLOW) != 0;
      const auto watch = watches_.find(event->wd);
      if (watch == watches_.end() || event->len == 0) continue;
      Cgroup* const cgroup = watch->second;
      const std::string name = event->name;
      if ((event->mask & IN_ISDIR) == 0) {
        if ((event->mask & IN_MODIFY) == 0 || name != LimitFile(version_) || cgroup == &root_) {
          continue;
        }
        const uint32_t before = cgroup->limit;
        ReadLimit(cgroup);
        if (cgroup->limit != before) Tell(cgroup);
        continue;
      }
      if ((event->mask & (IN_DELETE | IN_MOVED_FROM)) != 0) {
        const auto child = cgroup->children.find(name);
        if (child != cgroup->children.end()) Remove(child->second.get());
      } else if ((event->mask & (IN_CREATE | IN_MOVED_TO)) != 0) {
        Add(cgroup, name);
      }
    }
  }
}

bool CgroupTree::IsAnother(const Cgroup& cgroup) const {
  const uint64_t inode = InodeOf(OpenFolder(cgroup));
  return inode != 0 && cgroup.inode != 0 && inode != cgroup.inode;
}

void CgroupTree::Check() {
  const bool is_told = !lost_;
  lost_ = false;
  CheckBelow(&root_, is_told);
}

void CgroupTree::CheckBelow(Cgroup* cgroup, bool is_told) {
  const std::string path = root_path_ + cgroup->path();
  const UniqueFd folder(open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  struct stat status;
  if (folder.valid() && fstat(folder.get(), &status) == 0) {
    // Of a directory in kernfs: two, and one for each directory in it. One that went and one that
    // came are no difference; where both may have been missed only the names tell.
    const bool is_same = status.st_nlink == cgroup->children.size() + 2;
    if (!is_same || !is_told || cgroup->watch < 0) {
      const std::set<std::string> there =
          FoldersIn(UniqueFd(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)));
      std::vector<Cgroup*> gone;
      for (auto& [name, child] : cgroup->children) {
        if (there.count(name) == 0 || IsAnother(*child)) gone.push_back(child.get());
      }
      for (Cgroup* child : gone) Remove(child);
      for (const std::string& name : there) Add(cgroup, name);
    }
  }
  if (cgroup != &root_) {
    const uint32_t before = cgroup->limit;
    ReadLimit(cgroup);
    if (cgroup->limit != before) Tell(cgroup);
  }
  for (auto& [name, child] : cgroup->children) CheckBelow(child.get(), is_told);
}

}  // namespace kmsg
