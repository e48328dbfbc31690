/*
 * Makes memory grow as it is told, and says when it did: `grow FOLDER NAME KIND [PARENT_KIB]` joins
 * the cgroup at FOLDER, calls itself NAME, and reads from stdin one step a line, `MS KIB`: after so
 * many milliseconds it holds KIB. KIND is `anon`, `tmpfs:FILE` (a file that has no name any more),
 * or `cache:FILE` (so much of FILE is read; nothing is held).
 *
 * stdout: `US LOW HIGH` a line: from that moment of CLOCK_MONOTONIC on it holds at least LOW and at
 * most HIGH KiB. First `pid N`. With PARENT_KIB a parent holds so much, is the one that the kernel
 * is to kill, and is told as `parent N`.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { page = 4096, most_kib = 128 * 1024 };

static _Noreturn void fail(const char *what) {
  perror(what);
  _exit(1);
}

static void write_file(const char *folder, const char *name, const char *text) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0 || write(fd, text, strlen(text)) < 0) fail(path);
  close(fd);
}

static void say(long low, long high) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  printf("%lld %ld %ld\n", now.tv_sec * 1000000LL + now.tv_nsec / 1000, low, high);
  fflush(stdout);
}

static char *make_memory(void) {
  const size_t bytes = (size_t)most_kib * 1024;
  char *memory =
      mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) fail("mmap");
  /* A huge page would be 2 MiB more than was asked for. */
  madvise(memory, bytes, MADV_NOHUGEPAGE);
  return memory;
}

static void touch(char *memory, long from_kib, long to_kib) {
  for (size_t at = (size_t)from_kib * 1024; at < (size_t)to_kib * 1024; at += page) memory[at] = 1;
}

static void hold_anon(char *memory, long from, long to) {
  touch(memory, from, to);
  if (to < from) madvise(memory + to * 1024, (size_t)(from - to) * 1024, MADV_DONTNEED);
}

static void hold_file(int fd, long from, long to) {
  static const char zeros[page];
  for (long at = from * 1024; at < to * 1024; at += page) {
    if (pwrite(fd, zeros, page, at) != page) fail("pwrite");
  }
  if (to < from && ftruncate(fd, to * 1024) < 0) fail("ftruncate");
}

static void read_file(int fd, long from, long to) {
  static char bytes[64 * 1024];
  for (long at = (to < from ? 0 : from) * 1024; at < to * 1024; at += sizeof bytes) {
    if (pread(fd, bytes, sizeof bytes, at) < 0) fail("pread");
  }
}

int main(int count, char **arguments) {
  if (count < 4) return 2;
  const char *const kind = arguments[3];
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  write_file(arguments[1], "cgroup.procs", "0");
  char *const memory = make_memory();
  if (count > 4) {
    const pid_t child = fork();
    if (child < 0) fail("fork");
    if (child > 0) {
      write_file("/proc/self", "oom_score_adj", "1000");
      touch(memory, 0, atol(arguments[4]));
      /* The child outlives it: that is what the test is about. */
      while (waitpid(child, NULL, 0) < 0) {
      }
      return 0;
    }
    printf("parent %d\n", (int)getppid());
  }
  prctl(PR_SET_NAME, arguments[2]);
  printf("pid %d\n", (int)getpid());
  const char *const file = strchr(kind, ':');
  int fd = -1;
  if (file != NULL) {
    fd = open(file + 1, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) fail(file + 1);
    if (kind[0] == 'c' && ftruncate(fd, most_kib * 1024L) < 0) fail("ftruncate");
    unlink(file + 1);
  }
  long held = 0;
  long ms;
  long kib;
  while (scanf("%ld %ld", &ms, &kib) == 2 && kib >= 0 && kib <= most_kib) {
    const struct timespec wait = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&wait, NULL);
    if (kind[0] == 'c') {
      read_file(fd, held, kib);
    } else {
      say(kib < held ? kib : held, kib > held ? kib : held);
      if (kind[0] == 'a') hold_anon(memory, held, kib);
      if (kind[0] == 't') hold_file(fd, held, kib);
      say(kib, kib);
    }
    held = kib;
  }
  return 0;
}
