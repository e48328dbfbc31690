/*
 * What the containers of the test node run: one static program, for their image holds nothing else.
 *
 * - hog pause: sleeps until it is asked to end
 * - hog eat [MS]: touches memory until it is killed, after so many milliseconds
 * - hog asked: eats when it gets SIGUSR1
 * - hog children N [PAUSE_MS]: N children, one after the other, each eats until it is killed; then
 *   sleeps
 * - hog fill FILE: writes a file until it is killed
 * - hog hold MIB: touches so much and sleeps
 *
 * Nobody else is at risk: it touches at most 128 MiB, and then ends with 10.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { mib = 1024 * 1024, max_mib = 128, exit_survived = 10, exit_usage = 2 };

static void sleep_ms(long ms) {
  struct timespec left = {ms / 1000, ms % 1000 * 1000000};
  while (nanosleep(&left, &left) != 0) {
  }
}

/* The first process of a pid namespace ignores signals that it has no handler for. */
static void on_term(int signal) {
  (void)signal;
  _exit(0);
}

static int sleep_for_ever(void) {
  while (pause() != 0) {
  }
  return exit_survived;
}

static void touch(int count) {
  char* memory =
      mmap(NULL, (size_t)count * mib, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) _exit(exit_usage);
  for (size_t at = 0; at < (size_t)count * mib; at += 4096) memory[at] = 1;
}

static int eat(void) {
  touch(max_mib);
  return exit_survived;
}

static int eat_when_asked(void) {
  sigset_t asked;
  int signal = 0;
  sigemptyset(&asked);
  sigaddset(&asked, SIGUSR1);
  sigprocmask(SIG_BLOCK, &asked, NULL);
  sigwait(&asked, &signal);
  return eat();
}

static int fill(const char* path) {
  static char bytes[mib];
  memset(bytes, 'x', sizeof bytes);
  int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (file < 0) return exit_usage;
  for (int written = 0; written < max_mib; written++) {
    if (write(file, bytes, sizeof bytes) < 0) return exit_usage;
  }
  return exit_survived;
}

static int children(long count, long pause_ms) {
  for (long child = 0; child < count; child++) {
    pid_t pid = fork();
    if (pid < 0) return exit_usage;
    if (pid == 0) _exit(eat());
    int status = 0;
    waitpid(pid, &status, 0);
    if (!WIFSIGNALED(status)) return exit_survived;
    printf("killed\n");
    fflush(stdout);
    sleep_ms(pause_ms);
  }
  return sleep_for_ever();
}

int main(int argc, char** argv) {
  signal(SIGTERM, on_term);
  const char* what = argc > 1 ? argv[1] : "";
  long number = argc > 2 ? atol(argv[2]) : 0;
  if (strcmp(what, "pause") == 0) return sleep_for_ever();
  if (strcmp(what, "asked") == 0) return eat_when_asked();
  if (strcmp(what, "eat") == 0) {
    sleep_ms(number);
    return eat();
  }
  if (strcmp(what, "children") == 0) return children(number, argc > 3 ? atol(argv[3]) : 0);
  if (strcmp(what, "fill") == 0 && argc > 2) return fill(argv[2]);
  if (strcmp(what, "hold") == 0 && number <= max_mib) {
    touch((int)number);
    return sleep_for_ever();
  }
  return exit_usage;
}
