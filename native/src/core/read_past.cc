#include "read_past.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <string_view>

#include "read_ahead.h"

namespace kmsg {
namespace {

/** Where the last record that begins before `end` does; 0: at the front, if at all. */
size_t LastRecord(std::string_view bytes, size_t end) {
  for (size_t at = end; at > 1; at--) {
    const char first = bytes[at - 1];
    if (bytes[at - 2] == '\n' && first != ' ' && first != '\t') return at - 1;
  }
  return 0;
}

/**
 * The file from its position on. A file that is passed over is read ahead by another thread; how
 * far that was the position does not tell, until the end.
 */
class Input {
 public:
  explicit Input(int fd) : fd_(fd), start_(lseek(fd, 0, SEEK_CUR)) {}

  ~Input() {
    if (!ahead_) return;
    ahead_->Stop();
    lseek(fd_, start_ + consumed_, SEEK_SET);
  }

  /** From now on, where the file has a position. */
  void ReadsAhead() {
    if (start_ < 0 || ahead_) return;
    ahead_.reset(new ReadAhead(fd_, start_ + consumed_));
    if (ahead_->Start() != 0) ahead_.reset();
  }

  /** -1: `error` is set. */
  ssize_t Read(char* data, size_t length, IoError* error) {
    const ssize_t got = ahead_ ? ahead_->Read(data, length, error) : Plain(data, length, error);
    if (got > 0) consumed_ += got;
    return got;
  }

 private:
  ssize_t Plain(char* data, size_t length, IoError* error) const {
    for (;;) {
      const ssize_t got = read(fd_, data, length);
      if (got >= 0) return got;
      if (errno == EINTR) continue;
      *error = SystemError(errno, "read");
      return -1;
    }
  }

  const int fd_;
  /** -1: it has none, as a pipe. */
  const off_t start_;
  off_t consumed_ = 0;
  std::unique_ptr<ReadAhead> ahead_;
};

}  // namespace

bool ReadPast(int fd, const TextSearch& words, ReadBuffer buffer, uint64_t most, PastResult* result,
              IoError* error) {
  Input input(fd);
  size_t length = buffer.held;
  for (;;) {
    if (length < buffer.capacity) {
      const ssize_t got = input.Read(buffer.data + length, buffer.capacity - length, error);
      if (got < 0) return false;
      result->ended = got == 0;
      length += static_cast<size_t>(got);
    }
    const std::string_view bytes(buffer.data, length);
    result->length = length;
    if (result->ended || words.Find(bytes, 0)) return true;
    // The last one may go on in what is not read yet, so the one before it is the last whole one.
    const size_t kept = LastRecord(bytes, LastRecord(bytes, length));
    if (kept == 0) return true;
    std::memmove(buffer.data, buffer.data + kept, length - kept);
    length -= kept;
    result->length = length;
    result->passed += kept;
    if (result->passed >= most) return true;
    input.ReadsAhead();
  }
}

}  // namespace kmsg
