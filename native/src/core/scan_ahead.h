#pragma once

#include <semaphore.h>
#include <sys/types.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

#include "text_search.h"
#include "thread.h"
#include "unique_fd.h"

namespace kmsg {

/** Bytes of the file from `offset` on; fewer than `length` where it ends or cannot be read. */
size_t ReadAt(int fd, char* data, size_t length, off_t offset);

/**
 * Searches a regular file for words ahead of who reads it, on threads of its own: each reads a
 * chunk and searches it while it is in its processor's cache. One thread that read for another that
 * searched was half as fast. Where the file's position is does not matter and does not change.
 *
 * Not by mmap(2): of a file that is cut off meanwhile it raises SIGBUS.
 */
class ScanAhead {
 public:
  /**
   * Chunks that are searched before they are asked for: some 20 ms' work, in which JavaScript
   * understands a report. Of each only the place to stop is kept.
   */
  static constexpr size_t kMaxAhead = 1024;

  /** @param begin where the first chunk begins */
  ScanAhead(std::shared_ptr<const TextSearch> words, UniqueFd fd, off_t begin, size_t chunk_bytes);
  ~ScanAhead();

  /** Fewer threads where not all can be had; false: not one. */
  bool Start(size_t threads);

  /** The last border of two chunks at or before `offset`, but not before the first chunk. */
  off_t BorderBefore(off_t offset) const;

  /**
   * Where to read on, from a border of two chunks up to `end`: no word begins before. It is `end`,
   * or there begins a word, or a chunk that is within one record, or the file was at its end or
   * could not be read. Every chunk before has a border of records. `border` only ascends. Waits for
   * the threads.
   */
  off_t Stop(off_t border, off_t end);

 private:
  struct Result {
    /** The number of the chunk, from 1 on; 0: none yet. */
    std::atomic<off_t> chunk{0};
    off_t stop = 0;
  };

  void Run();
  bool IsSearched(off_t chunk) const { return results_[chunk % kMaxAhead].chunk == chunk + 1; }
  void WaitFor(off_t chunk);
  off_t Search(char* memory, off_t chunk);
  off_t Begin(off_t chunk) const { return begin_ + chunk * chunk_bytes_; }

  const std::shared_ptr<const TextSearch> words_;
  const UniqueFd fd_;
  const off_t begin_;
  const off_t chunk_bytes_;
  std::array<Result, kMaxAhead> results_;
  /** The chunk that a thread takes next, and the one at the file's end. */
  std::atomic<off_t> next_{0};
  std::atomic<off_t> last_;
  /** The chunk that is asked for: what is found in those before is not needed any more. */
  off_t wanted_ = 0;
  /** Up to this chunk nothing need be said but where to stop; -1: nobody waits. */
  std::atomic<off_t> awaited_{-1};
  std::atomic<bool> stopping_{false};
  // Not a condition variable, whose wait asks for the libstdc++ of GCC 12 (GLIBCXX_3.4.30).
  sem_t room_;
  sem_t searched_;
  std::vector<Thread> threads_;
};

}  // namespace kmsg
