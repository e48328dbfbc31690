/* memlock COMMAND...: becomes it, with 64 KiB of memory that it may lock and without the right to
 * raise that, as a service is started before Linux 5.16 if nothing is said of it. */
#include <linux/capability.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

int main(int argc, char **argv) {
  const struct rlimit few = {.rlim_cur = 64 << 10, .rlim_max = 64 << 10};
  if (argc > 1 && setrlimit(RLIMIT_MEMLOCK, &few) == 0 &&
      prctl(PR_CAPBSET_DROP, CAP_SYS_RESOURCE, 0, 0, 0) == 0)
    execvp(argv[1], argv + 1);
  perror("memlock");
  return 1;
}
