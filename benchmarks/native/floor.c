/*
 * The floor: what reading the kernel's log costs when nothing is done with it. One line of input = so many passes over
 * the ring from its oldest record to EAGAIN; one line of output = records, nanoseconds and nanoseconds of processor time
 * of them all.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static long long ns(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

int main(void) {
  static char record[8192];
  char command[64];
  const int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) {
    perror("/dev/kmsg");
    return 1;
  }
  while (fgets(command, sizeof command, stdin) != NULL) {
    long long records = 0;
    const long long start = ns(CLOCK_MONOTONIC);
    const long long cpu_start = ns(CLOCK_THREAD_CPUTIME_ID);
    for (int passes = atoi(command); passes > 0; passes--) {
      if (lseek(fd, 0, SEEK_SET) < 0) return 1;
      for (;;) {
        if (read(fd, record, sizeof record) > 0) {
          records++;
        } else if (errno == EAGAIN) {
          break;
        } else if (errno != EPIPE && errno != EINTR) {
          perror("read");
          return 1;
        }
      }
    }
    printf("%lld %lld %lld\n", records, ns(CLOCK_MONOTONIC) - start,
           ns(CLOCK_THREAD_CPUTIME_ID) - cpu_start);
    fflush(stdout);
  }
  return 0;
}
