#include "run_up_store.h"

#include <algorithm>
#include <utility>

#include "thinned.h"

namespace kmsg {
namespace {

/** So many cgroups are looked at for room: whoever adds a sample waits for it. */
constexpr int kLooksForRoom = 16;

/** What the containers around a track take, about. */
constexpr size_t kTrackBytes = 128;

double ShareOf(const RunUp& run_up) {
  if (run_up.samples.empty()) return 0;
  const MemorySample& newest = run_up.samples.back();
  if (newest.limit == kNoKib || newest.limit == 0) return 0;
  return static_cast<double>(newest.usage) / newest.limit;
}

/** Nobody will ask for its curve soon. */
bool IsQuiet(const RunUp& run_up) { return ShareOf(run_up) < 0.5; }

}  // namespace

RunUpStore::Id RunUpStore::Begin(std::string path, uint64_t now_us) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Track& track = tracks_[++last_];
  track.run_up.path = std::move(path);
  track.run_up.since_us = now_us;
  return last_;
}

void RunUpStore::Add(Id id, const MemorySample& sample, std::vector<ProcessSample> processes) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = tracks_.find(id);
  if (found == tracks_.end()) return;
  Track& track = found->second;
  std::vector<MemorySample>& samples = track.run_up.samples;
  const uint64_t from_us = sample.at_us > bounds_.keep_us ? sample.at_us - bounds_.keep_us : 0;
  samples_ -= samples.size();
  ForgetBefore(from_us, &samples);
  if (samples.size() >= bounds_.samples_each) ThinOut(&samples);
  samples_ += samples.size();
  MakeRoom(&track);
  // Doubling would take half of the bound for nothing.
  if (samples.size() == samples.capacity()) samples.reserve(samples.size() + 8);
  samples.push_back(sample);
  samples_++;
  while (!track.run_up.lists.empty() && track.run_up.lists.front().at_us < from_us) {
    DropList(&track, 0);
  }
  if (!processes.empty()) AddList(&track, {sample.at_us, std::move(processes)});
  ForgetGone(sample.at_us);
}

void RunUpStore::MakeRoom(Track* adding) {
  if (samples_ < bounds_.samples) return;
  Track* from = adding;
  auto next = tracks_.upper_bound(looked_);
  for (int looks = 0; looks < kLooksForRoom; looks++) {
    if (next == tracks_.end()) next = tracks_.begin();
    looked_ = next->first;
    Track& track = next->second;
    next++;
    if (track.run_up.samples.size() <= bounds_.samples_least || !IsQuiet(track.run_up)) continue;
    from = &track;
    break;
  }
  const size_t before = from->run_up.samples.size();
  ThinOut(&from->run_up.samples);
  samples_ -= before - from->run_up.samples.size();
}

void RunUpStore::AddList(Track* track, ProcessList list) {
  std::vector<ProcessList>& lists = track->run_up.lists;
  if (lists.size() >= bounds_.lists_each) {
    for (const ProcessList& each : lists) processes_ -= each.processes.size();
    ThinOut(&lists);
    for (const ProcessList& each : lists) processes_ += each.processes.size();
  }
  while (!lists.empty() && processes_ + list.processes.size() > bounds_.processes) {
    DropList(track, 0);
  }
  if (processes_ + list.processes.size() > bounds_.processes) return;
  processes_ += list.processes.size();
  lists.push_back(std::move(list));
}

void RunUpStore::DropList(Track* track, size_t at) {
  std::vector<ProcessList>& lists = track->run_up.lists;
  processes_ -= lists[at].processes.size();
  lists.erase(lists.begin() + static_cast<std::ptrdiff_t>(at));
}

void RunUpStore::End(Id id, uint64_t now_us) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = tracks_.find(id);
  if (found == tracks_.end() || found->second.ended_us != 0) return;
  found->second.ended_us = now_us;
  gone_.push_back(id);
  ForgetGone(now_us);
}

void RunUpStore::ForgetGone(uint64_t now_us) {
  while (!gone_.empty()) {
    const Track& oldest = tracks_.at(gone_.front());
    if (gone_.size() <= bounds_.gone && now_us < oldest.ended_us + bounds_.keep_gone_us) return;
    Forget(gone_.front());
    gone_.pop_front();
  }
}

void RunUpStore::Forget(Id id) {
  const auto found = tracks_.find(id);
  samples_ -= found->second.run_up.samples.size();
  for (const ProcessList& list : found->second.run_up.lists) processes_ -= list.processes.size();
  tracks_.erase(found);
}

std::optional<RunUp> RunUpStore::Find(const std::string& path, uint64_t at_us) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (auto track = tracks_.rbegin(); track != tracks_.rend(); track++) {
    const RunUp& run_up = track->second.run_up;
    if (run_up.since_us <= at_us && run_up.path == path) return run_up;
  }
  return std::nullopt;
}

std::vector<RunUp> RunUpStore::Close(double share, size_t max) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<std::pair<double, const RunUp*>> close;
  for (const auto& [id, track] : tracks_) {
    const double of_limit = ShareOf(track.run_up);
    const bool has_limit =
        !track.run_up.samples.empty() && track.run_up.samples.back().limit != kNoKib;
    if (track.ended_us != 0 || !has_limit || of_limit < share) continue;
    close.push_back({of_limit, &track.run_up});
  }
  const size_t count = std::min(max, close.size());
  std::partial_sort(close.begin(), close.begin() + static_cast<std::ptrdiff_t>(count), close.end(),
                    [](const auto& one, const auto& other) { return one.first > other.first; });
  std::vector<RunUp> found;
  for (size_t i = 0; i < count; i++) found.push_back(*close[i].second);
  return found;
}

RunUpStore::Counts RunUpStore::counts() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  Counts counts;
  counts.cgroups = tracks_.size() - gone_.size();
  counts.samples = samples_;
  counts.processes = processes_;
  for (const auto& [id, track] : tracks_) {
    const RunUp& run_up = track.run_up;
    counts.bytes += sizeof track + kTrackBytes + run_up.path.capacity() +
                    run_up.samples.capacity() * sizeof(MemorySample) +
                    run_up.lists.capacity() * sizeof(ProcessList);
    for (const ProcessList& list : run_up.lists) {
      counts.bytes += list.processes.capacity() * sizeof(ProcessSample);
    }
  }
  return counts;
}

}  // namespace kmsg
