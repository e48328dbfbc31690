#include "../src/memory/memory_recorder.h"

#include <unistd.h>

#include <chrono>
#include <functional>
#include <string>
#include <thread>

#include "check.h"
#include "hierarchy.h"

using kmsg::CgroupVersion;
using kmsg::IoError;
using kmsg::MemoryRecorder;
using kmsg::RunUp;

namespace {

std::unique_ptr<MemoryRecorder> Start(const std::string& root) {
  IoError error;
  auto recorder = MemoryRecorder::Start({CgroupVersion::kV2, root, 1.0}, &error);
  if (!recorder) check::Abandon(error.message);
  return recorder;
}

/** Patient: the machine may be slow. */
bool Comes(const std::function<bool()>& condition) {
  for (int i = 0; i < 12'000 && !condition(); i++) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return condition();
}

bool Knows(const MemoryRecorder& recorder, const std::string& path) {
  const auto found = recorder.store().Find(path, UINT64_MAX);
  return found && !found->samples.empty();
}

}  // namespace

TEST("cgroups that were there, are made, get a limit and go are followed without a walk") {
  const Hierarchy hierarchy;
  hierarchy.Make("/old", "33554432\n", "1048576\n");
  hierarchy.Make("/free", "max\n", "1048576\n");
  const auto recorder = Start(hierarchy.root());
  CHECK(Comes([&] { return Knows(*recorder, "/old"); }));
  CHECK(!Knows(*recorder, "/free"));
  hierarchy.Make("/new", "33554432\n", "1048576\n");
  hierarchy.Make("/new/below", "max\n", "524288\n");
  CHECK(Comes([&] { return Knows(*recorder, "/new") && Knows(*recorder, "/new/below"); }));
  hierarchy.Write("/free", "memory.max", "33554432\n");
  CHECK(Comes([&] { return Knows(*recorder, "/free"); }));
  CHECK_EQ(recorder->stats().store.cgroups, 4u);
  hierarchy.Remove("/new");
  CHECK(Comes([&] { return recorder->stats().store.cgroups == 2; }));
  // Its kill may not have been told yet.
  CHECK(Knows(*recorder, "/new"));
  hierarchy.Write("/free", "memory.max", "max\n");
  CHECK(Comes([&] { return recorder->stats().store.cgroups == 1; }));
  // Counted when the turn ends that has let go of it.
  CHECK(Comes([&] { return recorder->stats().limited == 1; }));
}

TEST("a sample has what the files say, and near the limit the processes") {
  const Hierarchy hierarchy;
  hierarchy.Make("/near", "33554432\n", "33000000\n");
  const auto recorder = Start(hierarchy.root());
  CHECK(Comes([&] { return Knows(*recorder, "/near"); }));
  const RunUp run_up = *recorder->store().Find("/near", UINT64_MAX);
  CHECK_EQ(run_up.samples[0].usage, 32226u);
  CHECK_EQ(run_up.samples[0].limit, 32768u);
  CHECK_EQ(run_up.samples[0].anon, 1024u);
  CHECK_EQ(run_up.samples[0].swap, kmsg::kNoKib);
  CHECK_EQ(run_up.lists.size(), 1u);
  CHECK_EQ(run_up.lists[0].processes[0].pid, getpid());
  CHECK(run_up.lists[0].processes[0].anon > 0);
  // The process 0 of cgroup.procs is one that our pid namespace does not have.
  CHECK(Comes([&] { return recorder->stats().processes_denied; }));
}

TEST("a jump is sampled long before its turn") {
  const Hierarchy hierarchy;
  hierarchy.Make("/jumps", "33554432\n", "1048576\n");
  const auto recorder = Start(hierarchy.root());
  CHECK(Comes([&] { return Knows(*recorder, "/jumps"); }));
  hierarchy.Write("/jumps", "memory.current", "16777216\n");
  CHECK(Comes(
      [&] { return recorder->store().Find("/jumps", UINT64_MAX)->samples.back().usage == 16384; }));
}

TEST("files that say nothing, or are not there, end nothing") {
  const Hierarchy hierarchy;
  hierarchy.Make("/odd", "33554432\n", "");
  hierarchy.Make("/sound", "33554432\n", "1048576\n");
  fs::create_directory(hierarchy.root() + "/without");
  std::string deep = hierarchy.root();
  for (int i = 0; i < 80; i++) deep += "/d";
  fs::create_directories(deep);
  const auto recorder = Start(hierarchy.root());
  CHECK(Comes([&] { return Knows(*recorder, "/sound"); }));
  CHECK(!Knows(*recorder, "/odd"));
  CHECK(Comes([&] { return recorder->stats().left_out; }));
}

TEST("one that is stopped at once, or twice, stops; what was recorded stays") {
  const Hierarchy hierarchy;
  hierarchy.Make("/a", "33554432\n", "1048576\n");
  for (int i = 0; i < 20; i++) Start(hierarchy.root());
  const auto recorder = Start(hierarchy.root());
  CHECK(Comes([&] { return Knows(*recorder, "/a"); }));
  recorder->Stop();
  recorder->Stop();
  CHECK(Knows(*recorder, "/a"));
}

TEST("5,000 cgroups are followed within the memory") {
  const Hierarchy hierarchy;
  for (int i = 0; i < 5000; i++) {
    const std::string path = hierarchy.root() + "/" + std::to_string(i);
    fs::create_directory(path);
    std::ofstream(path + "/memory.current") << "1048576\n";
    std::ofstream(path + "/memory.max") << "33554432\n";
  }
  const auto recorder = Start(hierarchy.root());
  CHECK(Comes([&] { return recorder->stats().limited == 5000 && Knows(*recorder, "/4999"); }));
  CHECK(!recorder->stats().left_out);
  CHECK(recorder->stats().store.bytes < 4u << 20);
}

TEST("a root that is not there is an error of the system") {
  IoError error;
  CHECK(MemoryRecorder::Start({CgroupVersion::kV2, "/nowhere", 1.0}, &error) == nullptr);
  CHECK_EQ(error.code, std::string("ENOENT"));
  CHECK_EQ(std::string(error.syscall), std::string("open"));
}
