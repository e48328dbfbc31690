/*
 * Starts processes that hold memory in cgroups that exist already, lets the kernel choose among
 * them, and says on stdout, one JSON object a line, which of them wait(2) saw die of SIGKILL. What
 * storm.c cannot do, because it limits only cgroups that it made itself: memory.oom.group, no limit
 * at all but the machine's, and processes that the kernel's line does not name.
 *
 *   victims [--leaderless | --sharing | --sysrq] CGROUP:ADJ:KIB:NAME...
 *
 * CGROUP below /sys/fs/cgroup; ADJ its oom_score_adj; KIB the memory that it holds, 0: it takes
 * more and more until it is killed; NAME its comm. All hold their memory before the first one
 * grows.
 *
 * --leaderless: one that grows is a thread whose leader has ended: the kernel's line has the
 * thread's pid. --sharing: one that grows has a second process with the same memory, of the same
 * name. The kernel chooses one of the two, and kills the other without a line or a count.
 * --sysrq: when all hold their memory, the kernel is asked to kill one.
 *
 *   {"type":"child","index":0,"pid":4711,"comm":"eater","commHex":"6561746572","cgroup":"/a/b","signal":9}
 *
 * A process that was still alive when all growing ones were dead is left out. Exit status 0: every
 * growing process was killed, or with --sysrq one.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
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
  pid_t sharer; /* 0: none */
  bool ended;
};

static enum { alone, leaderless, sharing, sysrq } growth;

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

static _Noreturn void grow(void) {
  for (;;) touch(1 << 20);
}

/* A process is left in state Z by its leader as long as it has threads. */
static void await_end_of_leader(void) {
  char path[64], state = 0;
  snprintf(path, sizeof path, "/proc/self/task/%d/stat", (int)getpid());
  while (state != 'Z') {
    FILE *file = fopen(path, "re");
    if (file == NULL || fscanf(file, "%*d (%*[^)]) %c", &state) != 1) fail(path);
    fclose(file);
    usleep(1000);
  }
}

static void *grow_without_leader(void *argument) {
  const struct actor *actor = argument;
  prctl(PR_SET_NAME, actor->name);
  await_end_of_leader();
  grow();
}

static _Noreturn int wait_for_ever(void *unused) {
  (void)unused;
  for (;;) pause();
}

static _Noreturn void act(struct actor *actor, int ready, int start) {
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
  if (actor->kib > 0) wait_for_ever(NULL);
  if (growth == leaderless) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, grow_without_leader, actor) != 0) fail("pthread_create");
    syscall(SYS_exit, 0); /* this thread alone */
  }
  if (growth == sharing) {
    static char stack[16384] __attribute__((aligned(16)));
    actor->sharer =
        clone(wait_for_ever, stack + sizeof stack, CLONE_VM | CLONE_PARENT | SIGCHLD, NULL);
    if (actor->sharer < 0) fail("clone");
  }
  grow();
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

static void print_end(int index, const struct actor *actor, pid_t pid, int status) {
  size_t length = strnlen(actor->name, comm_bytes);
  printf("{\"type\":\"child\",\"index\":%d,\"pid\":%d,\"comm\":\"%.*s\",\"commHex\":\"", index,
         (int)pid, (int)length, actor->name);
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

/* How many of those that are to be killed still live. */
static int reap(struct actor *actors, int count) {
  int status;
  pid_t pid;
  while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
    for (int i = 0; i < count; i++) {
      if (actors[i].sharer == pid) print_end(i, &actors[i], pid, status);
      if (actors[i].pid != pid) continue;
      actors[i].ended = true;
      print_end(i, &actors[i], pid, status);
    }
  }
  int growing = 0;
  int ended = 0;
  for (int i = 0; i < count; i++) {
    growing += !actors[i].ended && actors[i].kib == 0;
    ended += actors[i].ended;
  }
  return growth == sysrq ? ended == 0 : growing;
}

int main(int argc, char **argv) {
  if (argc > 1 && strcmp(argv[1], "--leaderless") == 0) growth = leaderless;
  if (argc > 1 && strcmp(argv[1], "--sharing") == 0) growth = sharing;
  if (argc > 1 && strcmp(argv[1], "--sysrq") == 0) growth = sysrq;
  char **arguments = argv + (growth == alone ? 1 : 2);
  int count = argc - (growth == alone ? 1 : 2);
  /* Shared, for an actor says who else it is. */
  struct actor *actors = mmap(NULL, max_actors * sizeof *actors, PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (actors == MAP_FAILED) fail("mmap");
  int ready[2];
  int start[2];
  if (count < 1 || count > max_actors) {
    fputs("usage: victims [--leaderless | --sharing | --sysrq] CGROUP:ADJ:KIB:NAME...\n", stderr);
    return 2;
  }
  if (pipe(ready) < 0 || pipe(start) < 0) fail("pipe");
  for (int i = 0; i < count; i++) {
    if (!parse(arguments[i], &actors[i])) fail(arguments[i]);
    pid_t pid = fork();
    if (pid < 0) fail("fork");
    if (pid > 0) actors[i].pid = pid;
    if (pid == 0) {
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
  if (growth == sysrq) write_file("/proc/sysrq-trigger", "f");

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
