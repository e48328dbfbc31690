#include "../src/memory/cgroup_tree.h"

#include <set>
#include <string>

#include "check.h"
#include "hierarchy.h"

using kmsg::Cgroup;
using kmsg::CgroupTree;
using kmsg::CgroupVersion;
using kmsg::IoError;

namespace {

/** A tree and the paths that it follows, of those that have a limit. */
struct Followed {
  explicit Followed(const std::string& root) : tree(CgroupVersion::kV2, root, [](Cgroup*) {}) {
    tree.changed = [this](Cgroup* cgroup) { told.insert(cgroup->path()); };
    IoError error;
    if (!tree.Open(&error)) check::Abandon(error.message);
  }
  std::set<std::string> told;
  CgroupTree tree;
};

/** More changes than inotify keeps for who does not read them. */
void Overflow(const Hierarchy& hierarchy) {
  int max = 0;
  std::ifstream("/proc/sys/fs/inotify/max_queued_events") >> max;
  for (int i = 0; i <= max / 2; i++) {
    fs::create_directory(hierarchy.root() + "/brief");
    fs::remove(hierarchy.root() + "/brief");
  }
}

}  // namespace

TEST(
    "after more changes than inotify keeps, what went, came and was made anew is found by a "
    "check") {
  const Hierarchy hierarchy;
  hierarchy.Make("/a", "33554432\n", "0\n");
  hierarchy.Make("/b", "33554432\n", "0\n");
  Followed followed(hierarchy.root());
  followed.told.clear();
  Overflow(hierarchy);
  // As many as before, so that their number does not tell.
  hierarchy.Make("/kept", "max\n", "0\n");
  fs::rename(hierarchy.root() + "/kept", hierarchy.root() + "/c");
  hierarchy.Remove("/a");
  hierarchy.Make("/new-b", "16777216\n", "0\n");
  hierarchy.Remove("/b");
  fs::rename(hierarchy.root() + "/new-b", hierarchy.root() + "/b");
  for (int i = 0; i < 100'000 && !followed.tree.lost(); i++) followed.tree.Follow();
  CHECK(followed.tree.lost());
  followed.tree.Check();
  CHECK(!followed.tree.lost());
  CHECK_EQ(followed.tree.size(), 2u);
  CHECK_EQ(followed.tree.limited(), 1u);
  CHECK_EQ(followed.told.count("/b"), 1u);
  // The watch of what was made anew is its own.
  hierarchy.Make("/b/below", "max\n", "0\n");
  followed.tree.Follow();
  CHECK_EQ(followed.told.count("/b/below"), 1u);
}

TEST("changes are taken so many at a time") {
  const Hierarchy hierarchy;
  Followed followed(hierarchy.root());
  for (int i = 0; i < 4000; i++) fs::create_directory(hierarchy.root() + "/" + std::to_string(i));
  followed.tree.Follow();
  CHECK(followed.tree.size() > 0);
  CHECK(followed.tree.size() < 4000u);
  for (int i = 0; i < 100 && followed.tree.size() < 4000u; i++) followed.tree.Follow();
  CHECK_EQ(followed.tree.size(), 4000u);
}
