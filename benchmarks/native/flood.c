/*
 * Writes records to the kernel's log as fast as it takes them: flood RECORDS WRITERS. One open file a record, for the
 * kernel limits the writes of an open file to 10 in 5 s (printk_devkmsg=ratelimit). Level 7, so that no console slows it.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int write_records(int count, int writer) {
  char text[128];
  for (int i = 0; i < count; i++) {
    const int length = snprintf(text, sizeof text,
                                "<7>flood %d/%d: eth0: link becomes ready, queue of no interest\n", writer, i);
    const int fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
    if (fd < 0 || write(fd, text, (size_t)length) != length) return 1;
    close(fd);
  }
  return 0;
}

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const int records = atoi(argv[1]);
  const int writers = atoi(argv[2]);
  for (int writer = 0; writer < writers; writer++) {
    if (fork() == 0) _exit(write_records(records / writers, writer));
  }
  int status = 0;
  int failed = 0;
  while (wait(&status) > 0) failed |= status != 0;
  return failed;
}
