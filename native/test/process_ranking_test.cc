#include "../src/memory/process_ranking.h"

#include <algorithm>
#include <set>
#include <vector>

#include "check.h"

using kmsg::ProcessRanking;

namespace {

/** Sizes are the pids themselves. */
std::vector<int> Read(ProcessRanking* ranking, const std::vector<int>& pids, size_t max) {
  const std::vector<int> chosen = ranking->Choose(pids, max);
  for (const int pid : chosen) ranking->Note(pid, static_cast<uint64_t>(pid));
  return chosen;
}

}  // namespace

TEST(
    "of more processes than are read at a time the biggest is found, and every one is read in "
    "turn") {
  std::vector<int> pids;
  for (int pid = 1; pid <= 200; pid++) pids.push_back(pid);
  ProcessRanking ranking;
  std::set<int> read;
  for (int round = 0; round < 12; round++) {
    const std::vector<int> chosen = Read(&ranking, pids, 32);
    CHECK(chosen.size() <= 32);
    CHECK_EQ(std::set<int>(chosen.begin(), chosen.end()).size(), chosen.size());
    read.insert(chosen.begin(), chosen.end());
  }
  CHECK_EQ(read.size(), 200u);
  CHECK(ranking.Biggest(5) == (std::vector<int>{200, 199, 198, 197, 196}));
}

TEST("a new process is read at once, one that ended is forgotten") {
  ProcessRanking ranking;
  Read(&ranking, {1, 2, 3}, 3);
  CHECK(ranking.Biggest(1) == std::vector<int>{3});
  const std::vector<int> chosen = Read(&ranking, {1, 2, 900}, 3);
  CHECK(std::find(chosen.begin(), chosen.end(), 900) != chosen.end());
  CHECK(ranking.Biggest(9) == (std::vector<int>{900, 2, 1}));
  CHECK(ranking.Choose({}, 32).empty());
  CHECK(ranking.Biggest(9).empty());
}
