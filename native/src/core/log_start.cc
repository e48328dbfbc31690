#include "log_start.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>

#include "read_chunk.h"

namespace kmsg {

LogStart::LogStart(const std::string& path)
    : fd_(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)) {
  if (fd_.valid() && lseek(fd_.get(), 0, SEEK_END) < 0) fd_ = UniqueFd();
}

uint64_t LogStart::FirstNewSeq() {
  char bytes[kReadBytes];
  ssize_t got;
  do {
    got = read(fd_.get(), bytes, sizeof bytes);
    // Overrun, or cut short by a signal: the oldest record that is left is a new one, too.
  } while (got < 0 && (errno == EPIPE || errno == EINTR));
  Record record;
  const bool is_record = got > 0 && SplitRecord({bytes, static_cast<size_t>(got)}, &record);
  return is_record ? record.seq : kNoSeq;
}

}  // namespace kmsg
