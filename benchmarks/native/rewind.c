/*
 * For a reader of /dev/kmsg that cannot be asked to begin again: loaded with LD_PRELOAD, it sends the device back to the
 * ring's oldest record instead of saying EAGAIN, until the ring has been read OOMWATCHER_PASSES times since the device
 * was opened. So a reader's start-up can be distinguished from its pace on the kernel's real ring, which a pass ends in 6 ms.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static int device = -1;
static long passes_left;

static int is_kmsg(int fd) {
  struct stat status;
  return fstat(fd, &status) == 0 && S_ISCHR(status.st_mode) && status.st_rdev == makedev(1, 11);
}

static long passes(void) {
  const char* const text = getenv("OOMWATCHER_PASSES");
  return text == NULL ? 1 : atol(text);
}

ssize_t read(int fd, void* buffer, size_t size) {
  ssize_t got = syscall(SYS_read, fd, buffer, size);
  if (got >= 0 || errno != EAGAIN || (fd != device && !is_kmsg(fd))) return got;
  if (fd != device) {
    device = fd;
    passes_left = passes();
  }
  if (--passes_left > 0) {
    lseek(fd, 0, SEEK_SET);
    return syscall(SYS_read, fd, buffer, size);
  }
  // The next reader may be given the same number.
  device = -1;
  errno = EAGAIN;
  return -1;
}
