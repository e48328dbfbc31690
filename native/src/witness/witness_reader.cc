#include "witness_reader.h"

#include <pthread.h>
#include <sched.h>
#include <sys/epoll.h>

#include <cerrno>
#include <utility>
#include <vector>

#include "../core/clock.h"

namespace kmsg {
namespace {

constexpr char kThreadName[] = "oomw-witness";

/** The first two CPUs that this thread may run on; the same one twice where there is one. */
std::array<int, 2> TwoCpus() {
  cpu_set_t allowed;
  std::array<int, 2> cpus = {-1, -1};
  // Fails where there are more than 1,024 of them: then the threads run where they like.
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return cpus;
  size_t found = 0;
  for (int cpu = 0; cpu < CPU_SETSIZE && found < cpus.size(); cpu++) {
    if (CPU_ISSET(cpu, &allowed)) cpus[found++] = cpu;
  }
  return cpus;
}

void StayOn(int cpu) {
  if (cpu < 0) return;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(cpu, &one);
  sched_setaffinity(0, sizeof one, &one);
}

void GoFirst() {
  sched_param parameter = {};
  parameter.sched_priority = sched_get_priority_min(SCHED_FIFO);
  pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameter);
}

bool Add(int poller, int fd, uint32_t events) {
  epoll_event event = {};
  event.events = events;
  return epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event) == 0;
}

}  // namespace

WitnessReader::WitnessReader(int fd, KernelRing ring, std::function<void()> wake,
                             std::vector<Witnessed> before, Keep keep)
    : fd_(fd),
      wake_(std::move(wake)),
      keep_(keep),
      ring_(std::move(ring)),
      queue_(new Waiting[kWitnessedMax]),
      before_(std::move(before)) {}

std::unique_ptr<WitnessReader> WitnessReader::Start(int fd, KernelRing ring,
                                                    std::function<void()> wake, IoError* error,
                                                    std::vector<Witnessed> before, Keep keep) {
  std::unique_ptr<WitnessReader> reader(
      new WitnessReader(fd, std::move(ring), std::move(wake), std::move(before), keep));
  if (!reader->PreparePolling(error)) return nullptr;
  const std::array<int, 2> cpus = TwoCpus();
  for (size_t i = 0; i < cpus.size(); i++) {
    WitnessReader* const self = reader.get();
    const int cpu = cpus[i];
    const int poller = reader->pollers_[i].get();
    const int failure =
        reader->threads_[i].Start(kThreadName, [self, cpu, poller] { self->Run(cpu, poller); });
    if (failure != 0) {
      *error = SystemError(failure, "pthread_create");
      reader->Stop();
      return nullptr;
    }
  }
  return reader;
}

/** The ring is readable for as long as what was read is not released: only news may wake. */
bool WitnessReader::PreparePolling(IoError* error) {
  if (!stop_.valid() || !space_.valid()) {
    *error = SystemError(errno, "eventfd");
    return false;
  }
  for (UniqueFd& poller : pollers_) {
    poller = UniqueFd(epoll_create1(EPOLL_CLOEXEC));
    if (!poller.valid() || !Add(poller.get(), stop_.fd(), EPOLLIN) ||
        !Add(poller.get(), space_.fd(), EPOLLIN | EPOLLET) ||
        !Add(poller.get(), fd_, EPOLLIN | EPOLLET)) {
      *error = SystemError(errno, "epoll");
      return false;
    }
  }
  return true;
}

void WitnessReader::Stop() {
  stopping_.store(true, std::memory_order_release);
  stop_.Raise();
  for (Thread& thread : threads_) thread.Join();
}

void WitnessReader::WakeDelivered() { wake_pending_.store(false, std::memory_order_seq_cst); }

std::optional<Witnessed> WitnessReader::Take() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (before_taken_ < before_.size()) {
    if (keep_ == Keep::kUntilReleased) unreleased_.push_back(0);
    return before_[before_taken_++];
  }
  bool news = false;
  if (count_ == 0) Drain(&news);
  while (count_ > 0) {
    const Waiting& oldest = queue_[first_];
    const uint64_t end = oldest.end;
    std::optional<Witnessed> witnessed = ParseWitnessed(oldest.bytes);
    if (witnessed) witnessed->taken_us = oldest.taken_us;
    first_ = (first_ + 1) % kWitnessedMax;
    count_--;
    // Half of it, or a thread would be woken for every record.
    if (count_ == kWitnessedMax / 2) space_.Raise();
    if (!witnessed) {
      stats_.malformed++;
    } else if (!WasBefore(*witnessed)) {
      if (keep_ == Keep::kUntilReleased) unreleased_.push_back(end);
      return witnessed;
    }
  }
  return std::nullopt;
}

void WitnessReader::Release(size_t count) {
  const std::lock_guard<std::mutex> lock(mutex_);
  uint64_t end = 0;
  for (; count > 0 && !unreleased_.empty(); count--) {
    end = unreleased_.front();
    unreleased_.pop_front();
  }
  if (end != 0) ring_.Release(end);
}

/** Two programs that see one kill write the same of the process, at different times. */
bool WitnessReader::WasBefore(const Witnessed& witnessed) const {
  const witness_record& record = witnessed.fields;
  for (const Witnessed& before : before_) {
    const witness_record& other = before.fields;
    if (record.kind == other.kind && record.tgid == other.tgid &&
        record.start_boottime_ns == other.start_boottime_ns && record.number == other.number) {
      return true;
    }
  }
  return false;
}

WitnessReader::Stats WitnessReader::stats() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return stats_;
}

void WitnessReader::Run(int cpu, int poller) {
  StayOn(cpu);
  GoFirst();
  if (!before_.empty()) Wake();
  while (!stopping_.load(std::memory_order_acquire)) {
    // Before the first wait too: an older agent may have left records.
    DrainOnce();
    epoll_event event;
    epoll_wait(poller, &event, 1, -1);
  }
}

void WitnessReader::DrainOnce() {
  bool news = false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!Drain(&news)) space_.Lower();
  }
  if (news) Wake();
}

/** Under the lock. False: the queue is full. */
bool WitnessReader::Drain(bool* news) {
  while (count_ < kWitnessedMax) {
    Waiting& next = queue_[(first_ + count_) % kWitnessedMax];
    if (!ring_.Read(&next.bytes)) return true;
    if (keep_ == Keep::kNo) ring_.Release(ring_.position());
    next.end = ring_.position();
    next.taken_us = ClockUs(CLOCK_MONOTONIC);
    count_++;
    stats_.taken++;
    *news = true;
  }
  return false;
}

void WitnessReader::Wake() {
  if (!wake_pending_.exchange(true, std::memory_order_seq_cst)) wake_();
}

}  // namespace kmsg
