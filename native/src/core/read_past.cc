#include "read_past.h"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "last_record.h"

namespace kmsg {
namespace {

/** More would ask a disk for too many places at once. */
constexpr size_t kMaxThreads = 4;
/** Of the buffer: the last whole record before a place begins in its chunk or in the two before. */
constexpr size_t kChunksPerBuffer = 8;
constexpr size_t kFewBytes = 4096;

size_t Processors() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return static_cast<size_t>(CPU_COUNT(&set));
}

/** As read(2), but for signals; -1: `error` is set. */
ssize_t ReadOn(int fd, char* data, size_t length, IoError* error) {
  for (;;) {
    const ssize_t got = read(fd, data, length);
    if (got >= 0) return got;
    if (errno == EINTR) continue;
    *error = SystemError(errno, "read");
    return -1;
  }
}

/** The last one may go on in what is not read yet, so the one before it is the last whole one. */
size_t LastWholeRecord(std::string_view bytes) {
  return LastRecord(bytes, LastRecord(bytes, bytes.size()));
}

/** Where the last whole record before `end` begins, at or behind `begin`, where one does. */
off_t LastWholeRecord(int fd, off_t begin, off_t end, ReadBuffer scratch) {
  for (size_t back = kFewBytes;; back *= 8) {
    const size_t length = std::min({back, scratch.capacity, static_cast<size_t>(end - begin)});
    const off_t from = end - static_cast<off_t>(length);
    const std::string_view bytes(scratch.data, ReadAt(fd, scratch.data, length, from));
    const size_t record = LastWholeRecord(bytes);
    if (record > 0) return from + static_cast<off_t>(record);
    if (length < back) return begin;
  }
}

}  // namespace

bool PastReader::Read(int fd, ReadBuffer buffer, uint64_t max, PastResult* result, IoError* error) {
  // At least a chunk's border is in what is read at a time.
  const size_t step = buffer.capacity / kChunksPerBuffer + words_->longest();
  size_t length = buffer.held;
  // From there on no word begins before what is not read yet; -1: not known.
  off_t clean = -1;
  for (;;) {
    if (length < buffer.capacity) {
      const size_t wanted = std::min(buffer.capacity - length, step);
      const ssize_t got = ReadOn(fd, buffer.data + length, wanted, error);
      if (got <= 0) Stop();
      if (got < 0) return false;
      result->ended = got == 0;
      length += static_cast<size_t>(got);
    }
    const std::string_view bytes(buffer.data, length);
    result->length = length;
    if (result->ended || words_->Find(bytes, 0)) return true;
    const size_t kept = LastWholeRecord(bytes);
    if (kept == 0 && length == buffer.capacity) return true;
    if (kept == 0) continue;
    length -= kept;
    std::memmove(buffer.data, buffer.data + kept, length);
    result->length = length;
    result->passed += kept;
    if (result->passed >= max) return true;

    const off_t position = lseek(fd, 0, SEEK_CUR);
    const off_t front = position - static_cast<off_t>(length);
    if (clean < 0) clean = front - static_cast<off_t>(kept);
    if (position < 0 || !ScansAhead(fd, front, buffer.capacity)) continue;
    const off_t searched = position - static_cast<off_t>(words_->longest()) + 1;
    const off_t border = ahead_->BorderBefore(std::max(front, searched));
    if (border < clean) continue;
    const uint64_t left = std::min<uint64_t>(max - result->passed, INT64_MAX - front);
    const off_t stop = ahead_->Stop(border, front + static_cast<off_t>(left));
    if (stop <= front) continue;
    // The buffer is overwritten, and filled again from the record on.
    clean = LastWholeRecord(fd, front, stop, buffer);
    lseek(fd, clean, SEEK_SET);
    result->passed += static_cast<uint64_t>(clean - front);
    length = 0;
  }
}

bool PastReader::ScansAhead(int fd, off_t begin, size_t capacity) {
  if (ahead_) return true;
  // Whoever closes the file may not think of the threads.
  UniqueFd own(fcntl(fd, F_DUPFD_CLOEXEC, 0));
  if (!own.valid()) return false;
  ahead_.reset(new ScanAhead(words_, std::move(own), begin, capacity / kChunksPerBuffer));
  if (!ahead_->Start(std::min(Processors(), kMaxThreads))) ahead_.reset();
  return ahead_ != nullptr;
}

}  // namespace kmsg
