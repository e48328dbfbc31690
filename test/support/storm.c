/*
 * Long, because it is one program that needs nothing but a C compiler, also in a kernel under QEMU.
 *
 * Causes real OOM kills in throwaway memory cgroups and says on stdout, one JSON object a line,
 * what wait(2) and the kernel's own counters know about them: the truth that a report is compared
 * with.
 *
 *   {"type":"child","index":0,"pid":4711,"comm":"storm-0","commHex":"73746f726d2d30","cgroup":"/storm-4700/0",
 *    "limitCgroup":"/storm-4700/0","signal":9,"killedAtMonotonicUs":2021308979}
 *   {"type":"totals","kills":1,"sigkilled":1,"vmstatBefore":7,"vmstatAfter":8,
 *    "cgroups":[{"path":"/storm-4700/0","oomKillBefore":0,"oomKillAfter":1}]}
 *
 * A child that was not killed has "exitCode" (or another "signal") instead; killedAtMonotonicUs is
 * when wait(2) reported. Strings are latin1, one character a byte. Counters that this kernel lacks
 * are null. Exit status 0: every child died of SIGKILL; 1: one did not, or a failure; 2: usage.
 *
 * Nobody else is at risk: a child may touch four times its limit, at most 256 MiB, and then exits
 * on its own.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
  max_kills = 10000,
  max_cgroups = 256,
  max_parallel = 256,
  max_comms = 256,
  max_created = 1024,
  comm_bytes = 15,
  min_limit_kib = 1024,
  max_limit_kib = 64 * 1024,
  touch_factor = 4,
  remove_timeout_ms = 60000,
};

/* What a child that was not killed says with its exit status. */
enum { exit_untouched = 10, exit_survived = 11 };

struct comm {
  unsigned char bytes[comm_bytes + 1];
  size_t length;
};

struct group {
  char *path;
  char *limit_path;
  long long kills_before;
  long long kills_at_removal; /* -1: it is still there */
};

struct slot {
  bool busy;
  int index;
  pid_t direct; /* the process that this program waits for */
  pid_t
      victim; /* the same, or its child when the container's first process survives; 0: not known */
  bool victim_ended; /* only in survivor mode: reported by the survivor */
  int victim_status;
};

/* From a child, in one atomic write. */
struct message {
  enum { message_ready, message_victim_ended } kind;
  int slot;
  pid_t pid;
  int status;
};

struct options {
  int kills;
  int cgroups;
  int parallel;
  int limit_kib;
  int limit_up;
  int timeout_s;
  bool survivor;
  bool pid_namespace;
  bool brief;
  bool hold;
  int linger_ms;
  bool linger_until_eof;
  const char *comm_pattern;
  const char *under;
  struct comm comms[max_comms];
  int comm_count;
  const char *paths[max_cgroups];
  int path_count;
};

struct storm {
  struct options options;
  char root[PATH_MAX]; /* of the memory hierarchy */
  bool v2;
  struct group groups[max_cgroups];
  int group_count;
  char *created[max_created]; /* in order; removed in reverse */
  int created_count;
  struct slot slots[max_parallel];
  int signals;
  int pipe[2];
  int sigkilled;
  int ended;
  long long vmstat_before;
};

static int complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

static int complain(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fputs("storm: ", stderr);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  va_end(arguments);
  return -1;
}

static long long monotonic_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

/* ---- files ---- */

static int write_file(const char *path, const char *text) {
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  ssize_t written = write(fd, text, strlen(text));
  int error = errno;
  close(fd);
  errno = error;
  return written < 0 ? -1 : 0;
}

/* The number after `key ` at the start of a line, -1 when the file or the key is not there. */
static long long read_counter(const char *path, const char *key) {
  FILE *file = fopen(path, "re");
  if (file == NULL) return -1;
  char line[256];
  char name[64];
  long long value;
  long long found = -1;
  while (found < 0 && fgets(line, sizeof line, file) != NULL) {
    if (sscanf(line, "%63s %lld", name, &value) == 2 && strcmp(name, key) == 0) found = value;
  }
  fclose(file);
  return found;
}

static char *format_path(const char *format, ...) __attribute__((format(printf, 1, 2)));

static char *format_path(const char *format, ...) {
  char *text = NULL;
  va_list arguments;
  va_start(arguments, format);
  if (vasprintf(&text, format, arguments) < 0) text = NULL;
  va_end(arguments);
  return text;
}

static int write_cgroup_file(const struct storm *storm, const char *cgroup, const char *name,
                             const char *text) {
  char *path = format_path("%s%s/%s", storm->root, cgroup, name);
  if (path == NULL) return -1;
  int result = write_file(path, text);
  int error = errno;
  free(path);
  errno = error;
  return result;
}

static long long cgroup_kills(const struct storm *storm, const char *cgroup) {
  char *path = format_path("%s%s/%s", storm->root, cgroup,
                           storm->v2 ? "memory.events" : "memory.oom_control");
  if (path == NULL) return -1;
  long long kills = read_counter(path, "oom_kill");
  free(path);
  return kills;
}

/* ---- cgroups ---- */

static bool has_word(const char *list, const char *word, const char *separators) {
  char copy[4096];
  snprintf(copy, sizeof copy, "%s", list);
  char *rest = NULL;
  for (char *item = strtok_r(copy, separators, &rest); item != NULL;
       item = strtok_r(NULL, separators, &rest)) {
    if (strcmp(item, word) == 0) return true;
  }
  return false;
}

/* Memory is in exactly one hierarchy: a v1 mount that names it, otherwise v2. */
static int find_hierarchy(struct storm *storm) {
  FILE *mounts = fopen("/proc/self/mounts", "re");
  if (mounts == NULL) return complain("cannot open /proc/self/mounts: %s", strerror(errno));
  char line[8192];
  char where[PATH_MAX];
  char type[64];
  char mount_options[4096];
  storm->root[0] = '\0';
  while (fgets(line, sizeof line, mounts) != NULL) {
    if (sscanf(line, "%*s %4095s %63s %4095s", where, type, mount_options) != 3) continue;
    bool v1 = strcmp(type, "cgroup") == 0 && has_word(mount_options, "memory", ",");
    if (!v1 && (strcmp(type, "cgroup2") != 0 || storm->root[0] != '\0')) continue;
    memcpy(storm->root, where, sizeof where);
    storm->v2 = !v1;
    if (v1) break;
  }
  fclose(mounts);
  if (storm->root[0] == '\0') return complain("no memory cgroup is mounted");
  return 0;
}

/* Makes one directory, and remembers it only if it was not there: what others made stays theirs. */
static int make_cgroup(struct storm *storm, const char *cgroup) {
  if (storm->created_count == max_created) return complain("more than %d cgroups", max_created);
  char *path = format_path("%s%s", storm->root, cgroup);
  if (path == NULL) return complain("out of memory");
  if (mkdir(path, 0755) == 0) {
    storm->created[storm->created_count++] = path;
    /* Before 5.11 a v1 cgroup charges its parents only if asked to; later kernels know nothing
     * else.
     */
    if (!storm->v2) write_cgroup_file(storm, cgroup, "memory.use_hierarchy", "1");
    return 0;
  }
  int error = errno;
  free(path);
  return error == EEXIST ? 0 : complain("cannot make the cgroup %s: %s", cgroup, strerror(error));
}

static int make_cgroup_with_parents(struct storm *storm, const char *cgroup) {
  char part[PATH_MAX];
  size_t length = strlen(cgroup);
  for (size_t at = 0; at < length; at++) {
    memcpy(part, cgroup, at);
    part[at] = '\0';
    if (cgroup[at] != '/') continue;
    if (at > 0 && make_cgroup(storm, part) < 0) return -1;
    /* v2 gives a child the memory controller only when every ancestor passes it on. */
    if (storm->v2 && write_cgroup_file(storm, part, "cgroup.subtree_control", "+memory") < 0)
      return complain("cannot enable memory below the cgroup %s/: %s", part, strerror(errno));
  }
  return make_cgroup(storm, cgroup);
}

static bool is_ours(const struct storm *storm, const char *cgroup) {
  size_t root_length = strlen(storm->root);
  for (int i = 0; i < storm->created_count; i++) {
    if (strcmp(storm->created[i] + root_length, cgroup) == 0) return true;
  }
  return false;
}

static int limit_cgroup(const struct storm *storm, const char *cgroup) {
  /* A limit on a cgroup that was there before would kill its other processes, and outlive this
   * program. */
  if (!is_ours(storm, cgroup))
    return complain("the cgroup %s is there already: not limiting it", cgroup);
  char bytes[32];
  snprintf(bytes, sizeof bytes, "%lld", storm->options.limit_kib * 1024LL);
  if (write_cgroup_file(storm, cgroup, storm->v2 ? "memory.max" : "memory.limit_in_bytes", bytes) <
      0)
    return complain("cannot limit the cgroup %s: %s", cgroup, strerror(errno));
  /* Without this a victim would be swapped out instead of killed. The file exists only with swap
   * accounting. */
  const char *swap = storm->v2 ? "memory.swap.max" : "memory.memsw.limit_in_bytes";
  if (write_cgroup_file(storm, cgroup, swap, storm->v2 ? "0" : bytes) < 0 && errno != ENOENT)
    return complain("cannot limit the swap of the cgroup %s: %s", cgroup, strerror(errno));
  return 0;
}

static bool is_cgroup_path(const char *path) {
  return path[0] == '/' && path[1] != '\0' && strlen(path) < PATH_MAX / 2 &&
         strstr(path, "/..") == NULL;
}

static int make_group(struct storm *storm, char *path) {
  if (path == NULL) return complain("out of memory");
  struct group *group = &storm->groups[storm->group_count++];
  group->path = path;
  if (!is_cgroup_path(path)) return complain("not a cgroup path: %s", path);
  group->limit_path = strdup(path);
  if (group->limit_path == NULL) return complain("out of memory");
  for (int up = 0; up < storm->options.limit_up; up++) {
    char *slash = strrchr(group->limit_path, '/');
    if (slash == group->limit_path)
      return complain("--limit-up %d leaves no cgroup of %s", storm->options.limit_up, path);
    *slash = '\0';
  }
  if (make_cgroup_with_parents(storm, path) < 0 || limit_cgroup(storm, group->limit_path) < 0)
    return -1;
  group->kills_before = cgroup_kills(storm, path);
  group->kills_at_removal = -1;
  return 0;
}

static int make_groups(struct storm *storm) {
  const struct options *options = &storm->options;
  for (int i = 0; i < options->path_count; i++) {
    if (make_group(storm, strdup(options->paths[i])) < 0) return -1;
  }
  if (options->path_count > 0) return 0;
  for (int i = 0; i < options->cgroups; i++) {
    if (make_group(storm, format_path("%s/storm-%d/%d", options->under, (int)getpid(), i)) < 0)
      return -1;
  }
  return 0;
}

/* Everything that still lives in a cgroup of ours is ours. */
static void kill_members(const char *directory) {
  char *path = format_path("%s/cgroup.procs", directory);
  FILE *members = path == NULL ? NULL : fopen(path, "re");
  free(path);
  if (members == NULL) return;
  long pid;
  while (fscanf(members, "%ld", &pid) == 1) {
    if (pid > 0) kill((pid_t)pid, SIGKILL);
  }
  fclose(members);
}

static void remove_cgroups(struct storm *storm) {
  long long deadline = monotonic_us() + remove_timeout_ms * 1000LL;
  while (storm->created_count > 0) {
    char *directory = storm->created[--storm->created_count];
    /* A cgroup stays busy for a moment after its last process has been waited for. */
    while (rmdir(directory) < 0 && errno == EBUSY && monotonic_us() < deadline) {
      kill_members(directory);
      while (waitpid(-1, NULL, WNOHANG) > 0) {
      }
      usleep(1000);
    }
    if (access(directory, F_OK) == 0)
      complain("cannot remove the cgroup %s: %s", directory, strerror(errno));
    free(directory);
  }
}

/* ---- the child's side ---- */

static void send_message(int fd, struct message message) {
  if (write(fd, &message, sizeof message) < 0) _exit(exit_untouched);
}

/* The pid as /proc counts, which is the host's even inside a pid namespace of our own. */
static pid_t host_pid(void) {
  char link[32] = "";
  if (readlink("/proc/self", link, sizeof link - 1) < 0) return 0;
  return (pid_t)atoi(link);
}

static void reset_signals(void) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static _Noreturn void die_of_memory(const struct storm *storm, int slot, const struct comm *comm) {
  prctl(PR_SET_NAME, comm->bytes);
  send_message(storm->pipe[1],
               (struct message){.kind = message_ready, .slot = slot, .pid = host_pid()});
  size_t length = (size_t)storm->options.limit_kib * 1024 * touch_factor;
  volatile char *memory = mmap(NULL, length, PROT_READ | PROT_WRITE,
                               MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) _exit(exit_untouched);
  for (size_t at = 0; at < length; at += 4096) memory[at] = 1;
  _exit(exit_survived);
}

static _Noreturn void survive_child(const struct storm *storm, int slot, const struct comm *comm) {
  prctl(PR_SET_NAME, "storm-main");
  pid_t victim = fork();
  if (victim < 0) _exit(exit_untouched);
  if (victim == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    die_of_memory(storm, slot, comm);
  }
  int status = 0;
  while (waitpid(victim, &status, 0) < 0) {
    if (errno != EINTR) _exit(exit_untouched);
  }
  send_message(storm->pipe[1],
               (struct message){.kind = message_victim_ended, .slot = slot, .status = status});
  _exit(0);
}

static _Noreturn void run_child(const struct storm *storm, int slot, const struct group *group,
                                const struct comm *comm) {
  reset_signals();
  if (write_cgroup_file(storm, group->path, "cgroup.procs", "0") < 0) {
    complain("cannot join the cgroup %s: %s", group->path, strerror(errno));
    _exit(exit_untouched);
  }
  if (storm->options.survivor) survive_child(storm, slot, comm);
  die_of_memory(storm, slot, comm);
}

/* ---- the parent's side ---- */

static void append(struct comm *comm, const char *text) {
  for (; *text != '\0' && comm->length < comm_bytes; text++)
    comm->bytes[comm->length++] = (unsigned char)*text;
}

static struct comm comm_of(const struct storm *storm, int index) {
  const struct options *options = &storm->options;
  if (options->comm_count > 0) return options->comms[index % options->comm_count];
  struct comm comm = {0};
  for (const char *at = options->comm_pattern; *at != '\0'; at++) {
    char piece[16] = {*at, '\0'};
    if (at[0] == '%' && (at[1] == 'i' || at[1] == 'g')) {
      snprintf(piece, sizeof piece, "%d", at[1] == 'i' ? index : index % storm->group_count);
      at++;
    }
    append(&comm, piece);
  }
  return comm;
}

static int start_child(struct storm *storm, int slot_index, int index) {
  struct slot *slot = &storm->slots[slot_index];
  const struct group *group = &storm->groups[index % storm->group_count];
  struct comm comm = comm_of(storm, index);
  unsigned long flags = SIGCHLD | (storm->options.pid_namespace ? CLONE_NEWPID : 0);
  fflush(stdout);
  /* fork(2) with a flag: glibc has no wrapper that returns twice. */
  pid_t pid = (pid_t)syscall(SYS_clone, flags, NULL, NULL, NULL, NULL);
  if (pid < 0) return complain("cannot start a process: %s", strerror(errno));
  if (pid == 0) run_child(storm, slot_index, group, &comm);
  *slot = (struct slot){
      .busy = true, .index = index, .direct = pid, .victim = storm->options.survivor ? 0 : pid};
  return 0;
}

static void print_string(const unsigned char *bytes, size_t length) {
  putchar('"');
  for (size_t i = 0; i < length; i++) {
    unsigned char byte = bytes[i];
    if (byte < 0x20 || byte >= 0x7f || byte == '"' || byte == '\\')
      printf("\\u%04x", byte);
    else
      putchar(byte);
  }
  putchar('"');
}

static void print_member(const char *key, const char *text) {
  printf(",\"%s\":", key);
  print_string((const unsigned char *)text, strlen(text));
}

static void print_count(const char *key, long long count) {
  if (count < 0)
    printf(",\"%s\":null", key);
  else
    printf(",\"%s\":%lld", key, count);
}

/* As a runtime does when a container's only process is dead. */
static void remove_group(const struct storm *storm, struct group *group) {
  char *directory = format_path("%s%s", storm->root, group->path);
  if (directory == NULL) return;
  long long kills = cgroup_kills(storm, group->path);
  long long deadline = monotonic_us() + remove_timeout_ms * 1000LL;
  int result;
  while ((result = rmdir(directory)) < 0 && errno == EBUSY && monotonic_us() < deadline)
    usleep(100);
  if (result == 0) group->kills_at_removal = kills;
  free(directory);
}

static void end_child(struct storm *storm, struct slot *slot, int direct_status) {
  struct group *group = &storm->groups[slot->index % storm->group_count];
  struct comm comm = comm_of(storm, slot->index);
  int status = storm->options.survivor && slot->victim_ended ? slot->victim_status : direct_status;
  printf("{\"type\":\"child\",\"index\":%d", slot->index);
  if (slot->victim > 0) printf(",\"pid\":%d", (int)slot->victim);
  if (storm->options.survivor) printf(",\"mainPid\":%d", (int)slot->direct);
  fputs(",\"comm\":", stdout);
  print_string(comm.bytes, comm.length);
  fputs(",\"commHex\":\"", stdout);
  for (size_t i = 0; i < comm.length; i++) printf("%02x", comm.bytes[i]);
  putchar('"');
  print_member("cgroup", group->path);
  print_member("limitCgroup", group->limit_path);
  if (WIFSIGNALED(status))
    printf(",\"signal\":%d", WTERMSIG(status));
  else
    printf(",\"exitCode\":%d", WEXITSTATUS(status));
  if (storm->options.survivor)
    printf(",\"mainSurvived\":%s", WIFEXITED(direct_status) ? "true" : "false");
  printf(",\"killedAtMonotonicUs\":%lld}\n", monotonic_us());
  storm->ended++;
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) storm->sigkilled++;
  slot->busy = false;
  if (storm->options.brief) remove_group(storm, group);
}

static void take_messages(struct storm *storm) {
  struct message message;
  while (read(storm->pipe[0], &message, sizeof message) == (ssize_t)sizeof message) {
    struct slot *slot = &storm->slots[message.slot];
    if (message.kind == message_ready) {
      slot->victim = message.pid;
    } else {
      slot->victim_ended = true;
      slot->victim_status = message.status;
    }
  }
}

static void reap_children(struct storm *storm) {
  int status;
  pid_t pid;
  while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
    take_messages(storm); /* whatever the child had to say, it said before it ended */
    for (int i = 0; i < storm->options.parallel; i++) {
      struct slot *slot = &storm->slots[i];
      if (slot->busy && slot->direct == pid) end_child(storm, slot, status);
    }
  }
}

/* 1: a signal asks to stop. */
static int take_signals(const struct storm *storm) {
  struct signalfd_siginfo info;
  int stop = 0;
  while (read(storm->signals, &info, sizeof info) == (ssize_t)sizeof info) {
    if (info.ssi_signo != SIGCHLD) stop = 1;
  }
  return stop;
}

static int run_children(struct storm *storm) {
  const struct options *options = &storm->options;
  long long deadline = monotonic_us() + options->timeout_s * 1000000LL;
  int started = 0;
  while (storm->ended < options->kills) {
    for (int i = 0; i < options->parallel && started < options->kills; i++) {
      if (!storm->slots[i].busy && start_child(storm, i, started++) < 0) return -1;
    }
    struct pollfd polled[] = {{.fd = storm->signals, .events = POLLIN},
                              {.fd = storm->pipe[0], .events = POLLIN}};
    long long left_ms = (deadline - monotonic_us()) / 1000;
    if (left_ms <= 0)
      return complain("not done after %d s: %d of %d", options->timeout_s, storm->ended,
                      options->kills);
    if (poll(polled, 2, (int)left_ms) < 0 && errno != EINTR)
      return complain("poll: %s", strerror(errno));
    if (take_signals(storm)) return complain("stopped by a signal");
    take_messages(storm);
    reap_children(storm);
    if (fflush(stdout) == EOF) return complain("cannot write: %s", strerror(errno));
  }
  return 0;
}

static int print_totals(const struct storm *storm) {
  printf("{\"type\":\"totals\",\"kills\":%d,\"sigkilled\":%d", storm->ended, storm->sigkilled);
  print_count("vmstatBefore", storm->vmstat_before);
  print_count("vmstatAfter", read_counter("/proc/vmstat", "oom_kill"));
  fputs(",\"cgroups\":[", stdout);
  for (int i = 0; i < storm->group_count; i++) {
    const struct group *group = &storm->groups[i];
    fputs(i == 0 ? "{\"path\":" : ",{\"path\":", stdout);
    print_string((const unsigned char *)group->path, strlen(group->path));
    print_count("oomKillBefore", group->kills_before);
    print_count("oomKillAfter", group->kills_at_removal >= 0 ? group->kills_at_removal
                                                             : cgroup_kills(storm, group->path));
    putchar('}');
  }
  puts("]}");
  return fflush(stdout) == EOF ? complain("cannot write: %s", strerror(errno)) : 0;
}

static int open_channels(struct storm *storm) {
  signal(SIGPIPE, SIG_IGN);
  sigset_t handled;
  sigemptyset(&handled);
  sigaddset(&handled, SIGCHLD);
  sigaddset(&handled, SIGINT);
  sigaddset(&handled, SIGTERM);
  sigaddset(&handled, SIGHUP);
  if (sigprocmask(SIG_BLOCK, &handled, NULL) < 0)
    return complain("sigprocmask: %s", strerror(errno));
  storm->signals = signalfd(-1, &handled, SFD_NONBLOCK | SFD_CLOEXEC);
  if (storm->signals < 0) return complain("signalfd: %s", strerror(errno));
  if (pipe2(storm->pipe, O_CLOEXEC) < 0) return complain("pipe: %s", strerror(errno));
  if (fcntl(storm->pipe[0], F_SETFL, O_NONBLOCK) < 0) return complain("fcntl: %s", strerror(errno));
  return 0;
}

static int run_storm(struct storm *storm) {
  if (open_channels(storm) < 0 || find_hierarchy(storm) < 0 || make_groups(storm) < 0) return -1;
  char ignored;
  while (storm->options.hold && read(STDIN_FILENO, &ignored, 1) > 0) {
  }
  storm->vmstat_before = read_counter("/proc/vmstat", "oom_kill");
  if (run_children(storm) < 0 || print_totals(storm) < 0) return -1;
  usleep((useconds_t)storm->options.linger_ms * 1000);
  while (storm->options.linger_until_eof && read(STDIN_FILENO, &ignored, 1) > 0) continue;
  return 0;
}

static void end_storm(struct storm *storm) {
  for (int i = 0; i < max_parallel; i++) {
    if (!storm->slots[i].busy) continue;
    kill(storm->slots[i].direct, SIGKILL);
    waitpid(storm->slots[i].direct, NULL, 0);
  }
  remove_cgroups(storm);
  for (int i = 0; i < storm->group_count; i++) {
    free(storm->groups[i].path);
    free(storm->groups[i].limit_path);
  }
  if (storm->signals >= 0) close(storm->signals);
  if (storm->pipe[0] >= 0) close(storm->pipe[0]);
  if (storm->pipe[1] >= 0) close(storm->pipe[1]);
}

/* ---- options ---- */

static const char usage[] =
    "usage: storm [--kills N] [--cgroups K | --cgroup PATH ...] [--parallel M] [--limit-kib KIB] "
    "[--limit-up LEVELS]\n"
    "             [--comm PATTERN | --comm-hex HEX ...] [--under PATH] [--survivor] "
    "[--pid-namespace] [--brief]\n"
    "             [--hold] [--linger-ms MS] [--linger-until-eof] [--timeout S]\n"
    "  --kills N         processes to be killed, 1 to 10000 (1)\n"
    "  --cgroups K       cgroups that they are dealt out to, <under>/storm-<pid>/<k> (1)\n"
    "  --cgroup PATH     these cgroups instead, below the root of the memory hierarchy; "
    "repeatable\n"
    "  --parallel M      processes alive at a time (1)\n"
    "  --limit-kib KIB   the cgroups' limit, 1024 to 65536 (16384)\n"
    "  --limit-up LEVELS the limit is set so many levels above the cgroup (0)\n"
    "  --comm PATTERN    their names; %i is the process's number, %g the cgroup's (storm-%i)\n"
    "  --comm-hex HEX    the name's bytes, at most 15, none NUL; repeatable, dealt out in turn\n"
    "  --survivor        the cgroup's first process forks the victim and outlives it\n"
    "  --pid-namespace   the cgroup's first process is pid 1 of its own pid namespace\n"
    "  --brief           a cgroup is removed as soon as a process of it was killed: one kill each\n"
    "  --hold            the cgroups are there, and the first kill waits until stdin ends\n"
    "  --linger-ms MS    the cgroups stay for so long after the last kill (0)\n"
    "  --linger-until-eof  they stay until the standard input ends\n"
    "  --timeout S       give up after so many seconds (60)\n";

static bool parse_number(const char *text, int least, int most, int *number) {
  char *end = NULL;
  errno = 0;
  long value = strtol(text, &end, 10);
  if (errno != 0 || end == text || *end != '\0' || value < least || value > most) return false;
  *number = (int)value;
  return true;
}

static bool parse_hex(const char *text, struct comm *comm) {
  *comm = (struct comm){0};
  for (; text[0] != '\0'; text += 2) {
    unsigned int byte;
    int used = 0;
    if (comm->length == comm_bytes || text[1] == '\0') return false;
    if (sscanf(text, "%2x%n", &byte, &used) != 1 || used != 2 || byte == 0) return false;
    comm->bytes[comm->length++] = (unsigned char)byte;
  }
  return true;
}

static bool parse_option(struct options *options, int option, const char *value) {
  switch (option) {
    case 'n':
      return parse_number(value, 1, max_kills, &options->kills);
    case 'k':
      return parse_number(value, 1, max_cgroups, &options->cgroups);
    case 'g':
      if (options->path_count == max_cgroups || !is_cgroup_path(value)) return false;
      options->paths[options->path_count++] = value;
      return true;
    case 'j':
      return parse_number(value, 1, max_parallel, &options->parallel);
    case 'l':
      return parse_number(value, min_limit_kib, max_limit_kib, &options->limit_kib);
    case 'u':
      return parse_number(value, 0, 16, &options->limit_up);
    case 'c':
      options->comm_pattern = value;
      return true;
    case 'x':
      return options->comm_count < max_comms &&
             parse_hex(value, &options->comms[options->comm_count++]);
    case 'd':
      options->under = value;
      return is_cgroup_path(value);
    case 's':
      options->survivor = true;
      return true;
    case 'p':
      options->pid_namespace = true;
      return true;
    case 'b':
      options->brief = true;
      return true;
    case 'h':
      options->hold = true;
      return true;
    case 'i':
      return parse_number(value, 0, 600000, &options->linger_ms);
    case 'e':
      options->linger_until_eof = true;
      return true;
    case 't':
      return parse_number(value, 1, 3600, &options->timeout_s);
    default:
      return false;
  }
}

static const struct option long_options[] = {{"kills", required_argument, NULL, 'n'},
                                             {"cgroups", required_argument, NULL, 'k'},
                                             {"cgroup", required_argument, NULL, 'g'},
                                             {"parallel", required_argument, NULL, 'j'},
                                             {"limit-kib", required_argument, NULL, 'l'},
                                             {"limit-up", required_argument, NULL, 'u'},
                                             {"comm", required_argument, NULL, 'c'},
                                             {"comm-hex", required_argument, NULL, 'x'},
                                             {"under", required_argument, NULL, 'd'},
                                             {"survivor", no_argument, NULL, 's'},
                                             {"pid-namespace", no_argument, NULL, 'p'},
                                             {"brief", no_argument, NULL, 'b'},
                                             {"hold", no_argument, NULL, 'h'},
                                             {"linger-ms", required_argument, NULL, 'i'},
                                             {"linger-until-eof", no_argument, NULL, 'e'},
                                             {"timeout", required_argument, NULL, 't'},
                                             {NULL, 0, NULL, 0}};

static bool parse_options(struct options *options, int argc, char **argv) {
  int option;
  while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
    if (!parse_option(options, option, optarg)) return false;
  }
  int cgroups = options->path_count > 0 ? options->path_count : options->cgroups;
  return optind == argc && !(options->brief && options->kills > cgroups);
}

int main(int argc, char **argv) {
  static struct storm storm = {
      .options = {.kills = 1,
                  .cgroups = 1,
                  .parallel = 1,
                  .limit_kib = 16 * 1024,
                  .timeout_s = 60,
                  .comm_pattern = "storm-%i",
                  .under = ""},
      .signals = -1,
      .pipe = {-1, -1},
  };
  if (!parse_options(&storm.options, argc, argv)) {
    fputs(usage, stderr);
    return 2;
  }
  int result = run_storm(&storm);
  end_storm(&storm);
  return result == 0 && storm.sigkilled == storm.options.kills ? 0 : 1;
}
