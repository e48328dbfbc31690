/*
 * Starts processes that hold memory in cgroups that exist already, lets the kernel choose among
 * them, and says on stdout, one JSON object a line, which of them wait(2) saw die of SIGKILL. What
 * storm.c cannot do, because it limits only cgroups that it made itself: memory.oom.group, and no
 * limit at all but the machine's.
 *
 *   victims CGROUP:ADJ:KIB:NAME...
 *
 * CGROUP below /sys/fs/cgroup; ADJ its oom_score_adj; KIB the memory that it holds, 0: it takes
 * more and more until it is killed; NAME its comm. All hold their memory before the first one
 * grows.
 *
 *   {"type":"child","index":0,"pid":4711,"comm":"eater","commHex":"6561746572","cgroup":"/a/b","signal":9}
 *
 * A process that was still alive when all growing ones were dead is left out. Exit status 0: every
 * growing process was killed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { max_actors = 64, comm_bytes = 15, timeout_ms = 120 * 1000, grace_ms = 1000 };

struct actor {
  char *cgroup;
  char *score_adj;
  size_t kib;
  char *name;
  pid_t pid;
  bool ended;
};

static _Noreturn void fail(const char *what) {
  fprintf(stderr, "victims: %s: %s\n", what, strerror(errno));
  exit(1);
}

static void write_file(const char *path, const char *text) {
  FILE *file = fopen(path, "we");
  if (file == NULL || fputs(text, file) == EOF || fclose(file) == EOF) fail(path);
}

static void touch(size_t bytes) {
  volatile char *memory =
      mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) fail("mmap");
  for (size_t at = 0; at < bytes; at += 4096) memory[at] = 1;
}

static _Noreturn void act(const struct actor *actor, int ready, int start) {
  char path[4096];
  snprintf(path, sizeof path, "/sys/fs/cgroup%s/cgroup.procs", actor->cgroup);
  write_file(path, "0");
  write_file("/proc/self/oom_score_adj", actor->score_adj);
  prctl(PR_SET_NAME, actor->name);
  if (actor->kib > 0) touch(actor->kib * 1024);
  if (write(ready, "r", 1) != 1) fail("ready");
  close(ready);
  char byte;
  if (read(start, &byte, 1) != 0) fail("start"); /* the parent closes its end */
  while (actor->kib == 0) touch(1 << 20);
  for (;;) pause();
}

static bool parse(char *text, struct actor *actor) {
  char *kib;
  actor->cgroup = strsep(&text, ":");
  actor->score_adj = strsep(&text, ":");
  kib = strsep(&text, ":");
  actor->name = text;
  if (text == NULL) return false;
  actor->kib = strtoul(kib, NULL, 10);
  return true;
}

static void print_end(int index, const struct actor *actor, int status) {
  size_t length = strnlen(actor->name, comm_bytes);
  printf("{\"type\":\"child\",\"index\":%d,\"pid\":%d,\"comm\":\"%.*s\",\"commHex\":\"", index,
         (int)actor->pid, (int)length, actor->name);
  for (size_t i = 0; i < length; i++) printf("%02x", (unsigned char)actor->name[i]);
  printf("\",\"cgroup\":\"%s\",", actor->cgroup);
  if (WIFSIGNALED(status))
    printf("\"signal\":%d}\n", WTERMSIG(status));
  else
    printf("\"exitCode\":%d}\n", WEXITSTATUS(status));
}

static long long now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* How many growing processes still live. */
static int reap(struct actor *actors, int count) {
  int status;
  pid_t pid;
  while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
    for (int i = 0; i < count; i++) {
      if (actors[i].pid != pid) continue;
      actors[i].ended = true;
      print_end(i, &actors[i], status);
    }
  }
  int growing = 0;
  for (int i = 0; i < count; i++) growing += !actors[i].ended && actors[i].kib == 0;
  return growing;
}

int main(int argc, char **argv) {
  struct actor actors[max_actors];
  int count = argc - 1;
  int ready[2];
  int start[2];
  if (count < 1 || count > max_actors) {
    fputs("usage: victims CGROUP:ADJ:KIB:NAME...\n", stderr);
    return 2;
  }
  if (pipe(ready) < 0 || pipe(start) < 0) fail("pipe");
  for (int i = 0; i < count; i++) {
    actors[i] = (struct actor){0};
    if (!parse(argv[i + 1], &actors[i])) fail(argv[i + 1]);
    actors[i].pid = fork();
    if (actors[i].pid < 0) fail("fork");
    if (actors[i].pid == 0) {
      close(start[1]);
      act(&actors[i], ready[1], start[0]);
    }
  }
  close(ready[1]); /* so that a child that fails ends the wait below */
  char byte;
  for (int i = 0; i < count; i++) {
    if (read(ready[0], &byte, 1) != 1) fail("a process did not get ready");
  }
  close(start[1]);

  long long deadline = now_ms() + timeout_ms;
  while (reap(actors, count) > 0 && now_ms() < deadline) usleep(10 * 1000);
  /* The kernel kills a group's members one after another, and each takes its time to die. */
  int growing = 1;
  for (long long end = now_ms() + grace_ms; now_ms() < end; usleep(10 * 1000))
    growing = reap(actors, count);
  for (int i = 0; i < count; i++) {
    if (!actors[i].ended) kill(actors[i].pid, SIGKILL);
  }
  while (wait(NULL) > 0) {
  }
  return growing == 0 ? 0 : 1;
}
