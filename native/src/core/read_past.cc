#include "read_past.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>

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

/** -1: `error` is set. */
ssize_t Read(int fd, char* data, size_t length, IoError* error) {
  for (;;) {
    const ssize_t got = read(fd, data, length);
    if (got >= 0) return got;
    if (errno == EINTR) continue;
    *error = SystemError(errno, "read");
    return -1;
  }
}

}  // namespace

bool ReadPast(int fd, const TextSearch& words, ReadBuffer buffer, uint64_t most, PastResult* result,
              IoError* error) {
  size_t length = buffer.held;
  for (;;) {
    if (length < buffer.capacity) {
      const ssize_t got = Read(fd, buffer.data + length, buffer.capacity - length, error);
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
  }
}

}  // namespace kmsg
