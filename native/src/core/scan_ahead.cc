#include "scan_ahead.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "last_record.h"

namespace kmsg {
namespace {

/** Who waits is woken once for so many: a wake-up for each took a fifth of the time. */
constexpr off_t kChunksPerWake = 16;

void Wait(sem_t* semaphore) {
  while (sem_wait(semaphore) != 0 && errno == EINTR) {
  }
}

}  // namespace

size_t ReadAt(int fd, char* data, size_t length, off_t offset) {
  size_t held = 0;
  while (held < length) {
    const ssize_t got = pread(fd, data + held, length - held, offset + static_cast<off_t>(held));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    held += static_cast<size_t>(got);
  }
  return held;
}

ScanAhead::ScanAhead(std::shared_ptr<const TextSearch> words, UniqueFd fd, off_t begin,
                     size_t chunk_bytes)
    : words_(std::move(words)),
      fd_(std::move(fd)),
      begin_(begin),
      chunk_bytes_(static_cast<off_t>(chunk_bytes)),
      last_(INT64_MAX) {
  sem_init(&room_, 0, kMaxAhead);
  sem_init(&searched_, 0, 0);
}

ScanAhead::~ScanAhead() {
  stopping_ = true;
  for (size_t i = 0; i < threads_.size(); i++) sem_post(&room_);
  threads_.clear();
  sem_destroy(&room_);
  sem_destroy(&searched_);
}

bool ScanAhead::Start(size_t threads) {
  threads_ = std::vector<Thread>(threads);
  bool any = false;
  for (Thread& thread : threads_) any |= thread.Start("scan-ahead", [this] { Run(); }) == 0;
  return any;
}

off_t ScanAhead::BorderBefore(off_t offset) const {
  return offset <= begin_ ? begin_ : offset - (offset - begin_) % chunk_bytes_;
}

off_t ScanAhead::Stop(off_t border, off_t end) {
  for (;;) {
    const off_t chunk = Begin(wanted_);
    if (chunk >= end) return end;
    const Result& result = results_[wanted_ % kMaxAhead];
    while (!IsSearched(wanted_)) {
      if (wanted_ > last_) return std::max(chunk, border);
      WaitFor(wanted_);
    }
    if (chunk >= border && result.stop < chunk + chunk_bytes_) return std::min(result.stop, end);
    wanted_++;
    sem_post(&room_);
  }
}

/** Until it is searched, or may be: not every return has a reason. */
void ScanAhead::WaitFor(off_t chunk) {
  // The later ones were claimed after it, so it is mostly searched before they are.
  for (const off_t several : {kChunksPerWake, off_t{1}}) {
    const off_t until = std::min(chunk + several - 1, last_.load());
    awaited_ = until;
    // Said after the thread that has searched it has looked: nobody would wake us.
    if (IsSearched(until) || until > last_) continue;
    Wait(&searched_);
    break;
  }
  awaited_ = -1;
}

void ScanAhead::Run() {
  // A word may begin in a chunk and end in the next.
  const std::unique_ptr<char[]> memory(new char[chunk_bytes_ + words_->longest()]);
  for (;;) {
    Wait(&room_);
    if (stopping_) return;
    const off_t chunk = next_++;
    if (chunk > last_) return;
    Result& result = results_[chunk % kMaxAhead];
    const off_t stop = Search(memory.get(), chunk);
    result.stop = stop;
    result.chunk = chunk + 1;
    const off_t awaited = awaited_;
    if (chunk == awaited || (chunk < awaited && stop < Begin(chunk + 1))) sem_post(&searched_);
  }
}

off_t ScanAhead::Search(char* memory, off_t chunk) {
  const size_t chunk_bytes = static_cast<size_t>(chunk_bytes_);
  const size_t wanted = chunk_bytes + words_->longest() - 1;
  const std::string_view bytes(memory, ReadAt(fd_.get(), memory, wanted, Begin(chunk)));
  if (bytes.size() < wanted) {
    off_t last = last_;
    while (chunk < last && !last_.compare_exchange_weak(last, chunk)) continue;
  }
  const std::optional<TextSearch::Hit> hit = words_->Find(bytes, 0);
  if (hit && hit->at < chunk_bytes) return Begin(chunk) + static_cast<off_t>(hit->at);
  if (bytes.size() < wanted) {
    return Begin(chunk) + static_cast<off_t>(std::min(bytes.size(), chunk_bytes - 1));
  }
  return LastRecord(bytes, chunk_bytes) == 0 ? Begin(chunk) : Begin(chunk + 1);
}

}  // namespace kmsg
