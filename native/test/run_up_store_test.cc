#include "../src/memory/run_up_store.h"

#include <atomic>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "check.h"

using kmsg::MemorySample;
using kmsg::ProcessSample;
using kmsg::RunUp;
using kmsg::RunUpBounds;
using kmsg::RunUpStore;

namespace {

constexpr uint64_t kSecond = 1'000'000;

MemorySample At(uint64_t at_us, uint32_t usage = 10, uint32_t limit = 100) {
  MemorySample sample;
  sample.at_us = at_us;
  sample.usage = usage;
  sample.limit = limit;
  return sample;
}

std::vector<ProcessSample> Processes(size_t count) { return std::vector<ProcessSample>(count); }

RunUp Found(const RunUpStore& store, const std::string& path, uint64_t at_us) {
  std::optional<RunUp> found = store.Find(path, at_us);
  if (!found) check::Abandon("nothing is known of " + path);
  return *found;
}

}  // namespace

TEST("a full curve keeps its newest samples close, and its oldest as far back as ten minutes") {
  RunUpStore store;
  const auto id = store.Begin("/a", 0);
  for (uint64_t at = 0; at <= 600 * kSecond; at += kSecond / 2) store.Add(id, At(at), {});
  const RunUp run_up = Found(store, "/a", UINT64_MAX);
  CHECK_EQ(run_up.samples.size(), RunUpBounds().samples_each);
  CHECK(run_up.samples.front().at_us <= 10 * kSecond);
  uint64_t last_gap = UINT64_MAX;
  for (size_t i = run_up.samples.size() - 8; i < run_up.samples.size(); i++) {
    last_gap = run_up.samples[i].at_us - run_up.samples[i - 1].at_us;
    CHECK(last_gap <= kSecond);
  }
  for (size_t i = 1; i < run_up.samples.size(); i++) {
    const uint64_t gap = run_up.samples[i].at_us - run_up.samples[i - 1].at_us;
    CHECK(gap > 0 && gap <= 60 * kSecond);
  }
}

TEST("what is older than ten minutes is forgotten, of processes too") {
  RunUpStore store;
  const auto id = store.Begin("/a", 0);
  store.Add(id, At(kSecond), Processes(2));
  store.Add(id, At(602 * kSecond), Processes(1));
  const RunUp run_up = Found(store, "/a", UINT64_MAX);
  CHECK_EQ(run_up.samples.size(), 1u);
  CHECK_EQ(run_up.lists.size(), 1u);
  CHECK_EQ(store.counts().processes, 1u);
  CHECK_EQ(store.counts().samples, 1u);
}

TEST("a path that is used again is another cgroup") {
  RunUpStore store;
  const auto first = store.Begin("/a", 10);
  store.Add(first, At(11, 1), {});
  store.End(first, 20);
  const auto second = store.Begin("/a", 30);
  store.Add(second, At(31, 2), {});
  CHECK_EQ(Found(store, "/a", 25).samples[0].usage, 1u);
  CHECK_EQ(Found(store, "/a", 31).samples[0].usage, 2u);
  CHECK(!store.Find("/a", 9));
  CHECK(!store.Find("/", 99));
}

TEST("cgroups that are gone are kept for a minute, and not more of them than the bound") {
  RunUpBounds bounds;
  bounds.gone = 3;
  RunUpStore store(bounds);
  for (int i = 0; i < 5; i++) {
    const auto id = store.Begin("/" + std::to_string(i), 1);
    store.Add(id, At(2), Processes(1));
    store.End(id, 3);
    store.End(id, 3);
  }
  CHECK(!store.Find("/1", 9));
  CHECK(store.Find("/2", 9).has_value());
  CHECK_EQ(store.counts().cgroups, 0u);
  const auto live = store.Begin("/live", 5);
  store.Add(live, At(bounds.keep_gone_us + 4), {});
  CHECK(!store.Find("/4", 9));
  CHECK_EQ(store.counts().samples, 1u);
  CHECK_EQ(store.counts().processes, 0u);
}

TEST("the bound of all samples holds, and quiet cgroups make room for one near its limit") {
  RunUpBounds bounds;
  bounds.samples = 400;
  RunUpStore store(bounds);
  std::vector<RunUpStore::Id> quiet;
  for (int i = 0; i < 30; i++) quiet.push_back(store.Begin("/q" + std::to_string(i), 0));
  const auto near = store.Begin("/near", 0);
  for (uint64_t second = 1; second <= 600; second++) {
    for (const auto id : quiet) {
      if (second % 10 == 0) store.Add(id, At(second * kSecond), {});
    }
    store.Add(near, At(second * kSecond, 95), {});
    CHECK(store.counts().samples <= bounds.samples);
  }
  CHECK_EQ(Found(store, "/near", UINT64_MAX).samples.size(), bounds.samples_each);
  for (int i = 0; i < 30; i++) {
    CHECK(Found(store, "/q" + std::to_string(i), UINT64_MAX).samples.size() >=
          bounds.samples_least);
  }
}

TEST("where all are near their limit, or all are few, the bound holds all the same") {
  RunUpBounds bounds;
  bounds.samples = 100;
  RunUpStore store(bounds);
  std::vector<RunUpStore::Id> ids;
  for (int i = 0; i < 50; i++) ids.push_back(store.Begin("/" + std::to_string(i), 0));
  for (uint64_t at = 1; at < 40; at++) {
    for (const auto id : ids) store.Add(id, At(at * kSecond, 99), Processes(5));
  }
  CHECK(store.counts().samples <= bounds.samples + ids.size());
}

TEST("the bound of processes holds: the oldest lists of a cgroup go first") {
  RunUpBounds bounds;
  bounds.processes = 20;
  RunUpStore store(bounds);
  const auto one = store.Begin("/one", 0);
  const auto other = store.Begin("/other", 0);
  for (uint64_t at = 1; at <= 3; at++) store.Add(one, At(at), Processes(5));
  for (uint64_t at = 1; at <= 9; at++) store.Add(other, At(at), Processes(5));
  CHECK_EQ(store.counts().processes, 20u);
  CHECK_EQ(Found(store, "/one", 99).lists.size(), 3u);
  CHECK_EQ(Found(store, "/other", 99).lists.size(), 1u);
  CHECK_EQ(Found(store, "/other", 99).lists[0].at_us, 9u);
  store.Add(other, At(10), Processes(30));
  CHECK_EQ(Found(store, "/other", 99).lists.size(), 0u);
  CHECK_EQ(Found(store, "/other", 99).samples.size(), 10u);
}

TEST("ten minutes of 500 cgroups, 40 of them near their limit, take less than 2 MiB") {
  RunUpStore store;
  std::vector<RunUpStore::Id> ids;
  for (int i = 0; i < 500; i++) {
    ids.push_back(store.Begin("/kubepods.slice/" + std::string(160, 'x') + std::to_string(i), 0));
  }
  for (uint64_t second = 1; second <= 700; second++) {
    for (size_t i = 0; i < ids.size(); i++) {
      const bool near = i < 40;
      if (!near && second % 10 != 0) continue;
      store.Add(ids[i], At(second * kSecond, near ? 95 : 5), Processes(near ? 5 : 0));
    }
  }
  CHECK(store.counts().bytes < 2 * 1024 * 1024);
  CHECK_EQ(Found(store, "/kubepods.slice/" + std::string(160, 'x') + "7", 1).samples.size(),
           RunUpBounds().samples_each);
  CHECK(Found(store, "/kubepods.slice/" + std::string(160, 'x') + "499", 1).samples.size() >= 50);
}

TEST("the fullest come first, and those without a limit of their own do not") {
  RunUpStore store;
  const auto add = [&](const char* path, uint32_t usage, uint32_t limit) {
    const auto id = store.Begin(path, 1);
    store.Add(id, At(2, usage, limit), {});
    return id;
  };
  add("/half", 50, 100);
  add("/full", 100, 100);
  add("/most", 90, 100);
  add("/none", 1000, kmsg::kNoKib);
  add("/zero", 5, 0);
  store.End(add("/gone", 99, 100), 3);
  const std::vector<RunUp> close = store.Close(0.5, 10);
  CHECK_EQ(close.size(), 3u);
  CHECK_EQ(close[0].path, std::string("/full"));
  CHECK_EQ(close[2].path, std::string("/half"));
  CHECK_EQ(store.Close(0, 1).size(), 1u);
  CHECK_EQ(store.Close(1.01, 9).size(), 0u);
}

TEST("one records while others ask") {
  RunUpStore store;
  std::atomic<bool> over{false};
  std::thread asking([&] {
    while (!over) {
      (void)store.Find("/3", UINT64_MAX);
      (void)store.Close(0, 3);
      (void)store.counts();
    }
  });
  for (uint64_t round = 0; round < 300; round++) {
    std::vector<RunUpStore::Id> ids;
    for (int i = 0; i < 5; i++) ids.push_back(store.Begin("/" + std::to_string(i), round));
    for (const auto id : ids) store.Add(id, At(round + 1, 90), Processes(2));
    for (const auto id : ids) store.End(id, round + 2);
  }
  over = true;
  asking.join();
  CHECK_EQ(store.counts().cgroups, 0u);
}
