#include "memory_recorder.h"

#include <fcntl.h>
#include <poll.h>

#include <algorithm>
#include <cstdlib>

#include "../core/clock.h"
#include "../core/file_table.h"

namespace kmsg {
namespace {

constexpr char kThreadName[] = "oomw-memory";

/** What is due together is done together: a thread that wakes costs more than a look. */
constexpr uint64_t kLeastWaitUs = 250'000;
/** So long at the most until it is seen that a check is due, or the pace to be measured. */
constexpr uint64_t kMostWaitUs = 5'000'000;

/** A file that was read keeps a page of the kernel's memory while it is open (fs/seq_file.c). */
constexpr size_t kMaxOpenFiles = 512;
/** Of those that may soon be close to their limit. */
constexpr size_t kMaxOpenNearFiles = 768;
constexpr double kNearShare = 0.5;

/** What has changed, and what is new, is looked at so often. */
constexpr uint64_t kLivelyUs = 1'000'000;
constexpr uint64_t kYoungUs = 60'000'000;

/** Processes of one cgroup and all below it that are considered. */
constexpr size_t kMaxPids = 512;
constexpr size_t kTextBytes = 16 * 1024;

}  // namespace

struct MemoryRecorder::Work {
  explicit Work(MemoryRecorder* recorder)
      : options(recorder->options_),
        store(&recorder->store_),
        stretch(options.max_share),
        tree(options.version, options.root, [this](Cgroup* cgroup) { End(cgroup); }) {
    tree.changed = [this](Cgroup* cgroup) { Changed(cgroup); };
  }

  const MemoryRecorderOptions& options;
  RunUpStore* const store;
  Stretch stretch;
  ProcessReader processes;
  char text[kTextBytes];
  /** By when they are looked at next. */
  std::set<std::pair<uint64_t, Cgroup*>> due;
  size_t open_files = 0;
  uint64_t looks = 0;
  uint64_t samples = 0;
  /** All that was read, in looks, and the processor time that went into it. */
  uint64_t cost = 0;
  uint64_t cost_cpu_us = 0;
  /**
   * Looks a second that all cgroups ask for. Added up anew each 5 s, of 5,000 it took more
   * processor time than all the looks, which then were stretched to none.
   */
  double wanted = 0;
  /** The tree has been walked: what comes now is new. */
  bool is_followed = false;
  /** Last: it calls back with all of the above. */
  CgroupTree tree;

  bool is_v1() const { return options.version == CgroupVersion::kV1; }

  void Changed(Cgroup* cgroup) {
    const bool is_below_limit = cgroup->nearest_limit() != kNoKib;
    if (is_below_limit == (cgroup->recorded != nullptr)) return;
    if (!is_below_limit) return End(cgroup);
    const uint64_t now_us = ClockUs(CLOCK_MONOTONIC);
    UniqueFd folder = tree.OpenFolder(*cgroup);
    cgroup->recorded = std::make_unique<Recorded>();
    cgroup->recorded->folder = std::move(folder);
    cgroup->recorded->id = store->Begin(cgroup->path(), now_us);
    cgroup->recorded->look_us = now_us;
    // Most of what a container takes it takes at its start.
    if (is_followed) cgroup->recorded->young_until_us = now_us + kYoungUs;
    due.insert({now_us, cgroup});
  }

  void End(Cgroup* cgroup) {
    due.erase({cgroup->recorded->look_us, cgroup});
    Want(cgroup->recorded.get(), 0);
    store->End(cgroup->recorded->id, ClockUs(CLOCK_MONOTONIC));
    if (cgroup->recorded->usage.valid()) open_files--;
    cgroup->recorded.reset();
  }

  void Want(Recorded* recorded, double looks_per_second) {
    wanted += looks_per_second - recorded->wanted;
    recorded->wanted = looks_per_second;
  }

  std::optional<uint64_t> ReadBytes(const Cgroup& cgroup, const char* file) {
    const UniqueFd fd = tree.OpenFile(cgroup, file);
    if (!fd.valid()) return std::nullopt;
    return ParseBytes(ReadText(fd.get(), text, sizeof text));
  }

  std::optional<uint32_t> ReadUsage(Cgroup* cgroup) {
    const char* const file = is_v1() ? "memory.usage_in_bytes" : "memory.current";
    const UniqueFd& open = cgroup->recorded->usage;
    const std::optional<uint64_t> bytes = open.valid()
                                              ? ParseBytes(ReadText(open.get(), text, sizeof text))
                                              : ReadBytes(*cgroup, file);
    if (!bytes) return std::nullopt;
    return ToKib(*bytes);
  }

  /** A cgroup that is made while there is no room for its file is opened at each look. */
  void KeepOpen(Cgroup* cgroup, bool is_near) {
    UniqueFd& usage = cgroup->recorded->usage;
    if (usage.valid() || open_files >= (is_near ? kMaxOpenNearFiles : kMaxOpenFiles)) return;
    usage = tree.OpenFile(*cgroup, is_v1() ? "memory.usage_in_bytes" : "memory.current");
    if (usage.valid()) open_files++;
  }

  void Look(Cgroup* cgroup, uint64_t now_us) {
    Recorded& recorded = *cgroup->recorded;
    const uint32_t limit = cgroup->nearest_limit();
    const bool is_first = recorded.sample_us == 0;
    looks++;
    cost++;
    const std::optional<uint32_t> usage = ReadUsage(cgroup);
    const bool is_jump = usage && IsJump(*usage, recorded.newest.usage, limit);
    const bool is_due = now_us >= recorded.sample_us || is_jump;
    if (usage && is_due) Sample(cgroup, *usage);
    Pace pace = PaceOf(recorded.newest, limit);
    Want(&recorded, LooksPerSecond(pace));
    const bool is_lively = is_jump || now_us < recorded.young_until_us;
    if (is_lively) pace.look_us = std::min(pace.look_us, kLivelyUs);
    const auto stretched = [this](uint64_t interval_us) {
      return static_cast<uint64_t>(static_cast<double>(interval_us) * stretch.factor());
    };
    if (is_due) recorded.sample_us = now_us + stretched(pace.sample_us);
    recorded.look_us = now_us + stretched(pace.look_us);
    if (is_first) {
      recorded.look_us -= Spread(recorded.id, pace.look_us);
      recorded.sample_us -= Spread(recorded.id, pace.sample_us);
    } else {
      recorded.look_us = Together(recorded.look_us, pace.look_us);
    }
    KeepOpen(cgroup, static_cast<double>(recorded.newest.usage) >= kNearShare * limit);
  }

  void Sample(Cgroup* cgroup, uint32_t usage) {
    samples++;
    cost += kSampleLooks;
    MemorySample sample;
    sample.at_us = ClockUs(CLOCK_MONOTONIC);
    sample.usage = usage;
    sample.limit = cgroup->limit;
    const UniqueFd fd = tree.OpenFile(*cgroup, "memory.stat");
    if (fd.valid()) {
      static_cast<MemoryStat&>(sample) =
          ParseMemoryStat(options.version, ReadText(fd.get(), text, sizeof text));
    }
    if (is_v1()) {
      if (const auto kernel = ReadBytes(*cgroup, "memory.kmem.usage_in_bytes")) {
        sample.kernel = ToKib(*kernel);
      }
    } else if (const auto swap = ReadBytes(*cgroup, "memory.swap.current")) {
      sample.swap = ToKib(*swap);
    }
    Recorded& recorded = *cgroup->recorded;
    recorded.newest = sample;
    std::vector<ProcessSample> biggest;
    if (PaceOf(sample, cgroup->nearest_limit()).with_processes) {
      cost += kProcessesLooks;
      std::vector<int> pids;
      AddPids(*cgroup, &pids);
      biggest = processes.Biggest(pids, &recorded.ranking);
    }
    store->Add(recorded.id, sample, std::move(biggest));
  }

  void AddPids(const Cgroup& cgroup, std::vector<int>* pids) {
    const UniqueFd fd = tree.OpenFile(cgroup, "cgroup.procs");
    ssize_t got;
    std::string rest;
    while (fd.valid() && pids->size() < kMaxPids && (got = read(fd.get(), text, sizeof text)) > 0) {
      rest.append(text, static_cast<size_t>(got));
      size_t begin = 0;
      for (size_t end; (end = rest.find('\n', begin)) != std::string::npos; begin = end + 1) {
        const int pid = std::atoi(rest.c_str() + begin);
        // 0 is a process that our pid namespace does not have.
        if (pid > 0) pids->push_back(pid);
        if (pid <= 0) processes.Deny();
      }
      rest.erase(0, begin);
    }
    for (const auto& [name, child] : cgroup.children) {
      if (pids->size() < kMaxPids) AddPids(*child, pids);
    }
  }

  /** Returns when something is due next. */
  uint64_t Turn(uint64_t now_us) {
    if (due.empty()) return UINT64_MAX;
    const uint64_t before_us = ClockUs(CLOCK_THREAD_CPUTIME_ID);
    while (due.begin()->first <= now_us) {
      Cgroup* const cgroup = due.begin()->second;
      due.erase(due.begin());
      Look(cgroup, now_us);
      due.insert({cgroup->recorded->look_us, cgroup});
    }
    cost_cpu_us += ClockUs(CLOCK_THREAD_CPUTIME_ID) - before_us;
    return due.begin()->first;
  }
};

std::unique_ptr<MemoryRecorder> MemoryRecorder::Start(MemoryRecorderOptions options,
                                                      IoError* error) {
  std::unique_ptr<MemoryRecorder> recorder(new MemoryRecorder(std::move(options)));
  if (!recorder->stop_.valid()) {
    *error = SystemError(errno, "eventfd2");
    return nullptr;
  }
  // The thread itself could tell nobody.
  if (!UniqueFd(open(recorder->options_.root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC))
           .valid()) {
    *error = SystemError(errno, "open");
    return nullptr;
  }
  MemoryRecorder* const self = recorder.get();
  const int failure = recorder->thread_.Start(kThreadName, [self] { self->Run(); });
  if (failure == 0) return recorder;
  *error = SystemError(failure, "clone");
  return nullptr;
}

void MemoryRecorder::Stop() {
  stop_.Raise();
  thread_.Join();
}

void MemoryRecorder::Run() {
  // Thousands of cgroups' files are not to take the descriptors of the others' table.
  UnshareFileTable({STDERR_FILENO, stop_.fd()});
  const std::unique_ptr<Work> work(new Work(this));
  IoError error;
  if (!work->tree.Open(&error)) return;
  work->is_followed = true;
  const uint64_t since_us = ClockUs(CLOCK_MONOTONIC);
  CheckPace checks(since_us);
  for (;;) {
    const uint64_t now_us = ClockUs(CLOCK_MONOTONIC);
    work->tree.Follow();
    if (checks.IsDue(now_us, work->tree.lost())) {
      const uint64_t before_us = ClockUs(CLOCK_THREAD_CPUTIME_ID);
      work->tree.Check();
      const uint64_t took_us = ClockUs(CLOCK_THREAD_CPUTIME_ID) - before_us;
      checks.Done(now_us, took_us, work->tree.lacks_watches());
    }
    const uint64_t next_us = work->Turn(now_us);
    if (work->stretch.IsDue(now_us)) {
      const Stretch::Done done{ClockUs(CLOCK_THREAD_CPUTIME_ID), work->cost_cpu_us, work->cost};
      work->stretch.Measure(now_us, done, work->wanted);
    }
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      stats_.followed = work->tree.size();
      stats_.limited = work->tree.limited();
      stats_.looks = work->looks;
      stats_.samples = work->samples;
      stats_.share = work->stretch.share();
      stats_.stretch = work->stretch.factor();
      stats_.left_out = work->tree.left_out();
      stats_.processes_denied = work->processes.denied();
      stats_.lacks_watches = work->tree.lacks_watches();
      stats_.since_us = since_us;
    }
    const uint64_t wait_us =
        std::clamp(next_us > now_us ? next_us - now_us : 0, kLeastWaitUs, kMostWaitUs);
    pollfd ready[] = {{stop_.fd(), POLLIN, 0}, {work->tree.changes_fd(), POLLIN, 0}};
    // Rounded up: what is woken too early finds nothing due, and sleeps once more.
    if (poll(ready, 2, static_cast<int>((wait_us + 999) / 1000)) <= 0) continue;
    if (ready[0].revents != 0) return;
    // A container is several changes.
    if (poll(ready, 1, kLeastWaitUs / 1000) > 0) return;
  }
}

MemoryRecorder::Stats MemoryRecorder::stats() const {
  Stats stats;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stats = stats_;
  }
  stats.store = store_.counts();
  return stats;
}

}  // namespace kmsg
