#include "process_ranking.h"

#include <algorithm>
#include <set>
#include <utility>

namespace kmsg {
namespace {

/** Of those that were big before; the rest of what may be read is for others. */
constexpr size_t kBigOnes = 8;

}  // namespace

std::vector<int> ProcessRanking::Choose(const std::vector<int>& pids, size_t max) {
  const std::set<int> there(pids.begin(), pids.end());
  for (auto known = sizes_.begin(); known != sizes_.end();) {
    known = there.count(known->first) == 0 ? sizes_.erase(known) : std::next(known);
  }
  std::vector<int> chosen = Biggest(std::min(kBigOnes, max));
  std::set<int> taken(chosen.begin(), chosen.end());
  const auto take = [&](int pid) {
    if (chosen.size() < max && taken.insert(pid).second) chosen.push_back(pid);
  };
  for (const int pid : there) {
    if (sizes_.count(pid) == 0) take(pid);
  }
  for (auto next = there.upper_bound(turn_); next != there.end() && chosen.size() < max; next++) {
    take(*next);
    turn_ = *next;
  }
  for (auto next = there.begin(); next != there.end() && chosen.size() < max; next++) {
    take(*next);
    turn_ = *next;
  }
  return chosen;
}

std::vector<int> ProcessRanking::Biggest(size_t count) const {
  std::vector<std::pair<uint64_t, int>> ranked;
  for (const auto& [pid, pages] : sizes_) ranked.push_back({pages, pid});
  count = std::min(count, ranked.size());
  std::partial_sort(ranked.begin(), ranked.begin() + static_cast<std::ptrdiff_t>(count),
                    ranked.end(), [](const auto& one, const auto& other) { return one > other; });
  std::vector<int> biggest;
  for (size_t i = 0; i < count; i++) biggest.push_back(ranked[i].second);
  return biggest;
}

}  // namespace kmsg
