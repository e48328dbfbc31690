/*
 * Makes the kernel mark a process as the OOM killer's victim that was dying already, which is no
 * kill: nothing is printed and nothing is counted (oom_kill_process, mm/oom_kill.c).
 *
 *   dying CGROUP
 *
 * CGROUP below /sys/fs/cgroup, with a limit of 16 MiB. A process of it holds 10 MiB on CPU 1 and is
 * killed there while a real-time process has that CPU, so that it keeps its memory; then another
 * one on CPU 0 needs 10 MiB. Exit status 0: the kernel has marked the first one, by its tracefs,
 * and the other one has got its memory and ended by itself.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const size_t held_bytes = 10 << 20;
static const char tracing[] = "/tmp/dying-tracing";

static _Noreturn void fail(const char *what) {
  fprintf(stderr, "dying: %s: %s\n", what, strerror(errno));
  exit(1);
}

static void write_file(const char *path, const char *text) {
  FILE *file = fopen(path, "we");
  if (file == NULL || fputs(text, file) == EOF || fclose(file) == EOF) fail(path);
}

static void touch_memory(void) {
  volatile char *memory =
      mmap(NULL, held_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) fail("mmap");
  for (size_t at = 0; at < held_bytes; at += 4096) memory[at] = 1;
}

static void run_on(int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  if (sched_setaffinity(0, sizeof set, &set) != 0) fail("sched_setaffinity");
}

static void join_cgroup(const char *cgroup) {
  char path[4096];
  snprintf(path, sizeof path, "/sys/fs/cgroup%s/cgroup.procs", cgroup);
  write_file(path, "0");
}

static pid_t start(int cpu, const char *cgroup, const char *score_adj, int ready) {
  const pid_t pid = fork();
  if (pid < 0) fail("fork");
  if (pid > 0) return pid;
  run_on(cpu);
  join_cgroup(cgroup);
  write_file("/proc/self/oom_score_adj", score_adj);
  touch_memory();
  if (ready < 0) _exit(0);
  if (write(ready, "", 1) != 1) fail("write");
  for (;;) pause();
}

static pid_t occupy(int cpu) {
  const pid_t pid = fork();
  if (pid < 0) fail("fork");
  if (pid > 0) return pid;
  run_on(cpu);
  alarm(20); /* what the kernel wants to do on that CPU must not wait for ever */
  const struct sched_param param = {.sched_priority = 1};
  if (sched_setscheduler(0, SCHED_FIFO, &param) != 0) fail("sched_setscheduler");
  for (;;) {
  }
}

static int was_marked(pid_t pid) {
  char path[64], wanted[64], line[4096];
  snprintf(path, sizeof path, "%s/trace", tracing);
  snprintf(wanted, sizeof wanted, "mark_victim: pid=%d", (int)pid);
  FILE *trace = fopen(path, "re");
  if (trace == NULL) fail(path);
  int marked = 0;
  while (fgets(line, sizeof line, trace) != NULL) marked |= strstr(line, wanted) != NULL;
  fclose(trace);
  return marked;
}

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  if (mkdir(tracing, 0700) != 0) fail(tracing);
  if (mount("tracefs", tracing, "tracefs", 0, NULL) != 0) fail("mount");
  char path[64];
  snprintf(path, sizeof path, "%s/events/oom/mark_victim/enable", tracing);
  write_file(path, "1");
  /* Else the kernel lets others run for a twentieth of the time. */
  write_file("/proc/sys/kernel/sched_rt_runtime_us", "-1");
  int ready[2];
  if (pipe(ready) != 0) fail("pipe");
  const pid_t holder = start(1, argv[1], "1000", ready[1]);
  char byte;
  if (read(ready[0], &byte, 1) != 1) fail("read");
  const pid_t occupier = occupy(1);
  while (sched_getscheduler(occupier) != SCHED_FIFO)
    nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
  kill(holder, SIGKILL);
  const pid_t other = start(0, argv[1], "0", -1);
  int status;
  if (waitpid(other, &status, 0) != other) fail("waitpid");
  const int marked = was_marked(holder);
  kill(occupier, SIGKILL);
  waitpid(occupier, NULL, 0);
  waitpid(holder, NULL, 0);
  write_file("/proc/sys/kernel/sched_rt_runtime_us", "950000");
  write_file(path, "0");
  umount(tracing);
  fprintf(stderr, "dying: %s, the other one ended with %#x\n", marked ? "marked" : "not marked",
          status);
  return marked && status == 0 ? 0 : 1;
}
