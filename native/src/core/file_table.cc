#include "file_table.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <climits>

namespace kmsg {
namespace {

// include/uapi/linux/close_range.h; older C libraries know neither the call nor this.
#ifndef SYS_close_range
#define SYS_close_range 436
#endif
constexpr unsigned kCloseRangeUnshare = 1 << 1;

bool CloseRange(unsigned first, unsigned last, unsigned flags) {
  return syscall(SYS_close_range, first, last, flags) == 0;
}

}  // namespace

bool UnshareFileTable(std::vector<int> keep) {
  std::sort(keep.begin(), keep.end());
  // Not unshare(2), which containers are often denied. What lies above is not even copied.
  unsigned first = static_cast<unsigned>(keep.back()) + 1;
  if (!CloseRange(first, UINT_MAX, kCloseRangeUnshare)) return false;
  first = 0;
  for (const int fd : keep) {
    const unsigned kept = static_cast<unsigned>(fd);
    if (kept > first) CloseRange(first, kept - 1, 0);
    first = kept + 1;
  }
  return true;
}

}  // namespace kmsg
