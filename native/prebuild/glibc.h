// Put before every source of a prebuilt glibc binary. Node.js itself asks for glibc 2.28; a binary
// linked on a newer one would ask for that one, for functions that only moved between its libraries
// or got another way to be called.
#pragma once

#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <new>

#if defined(__x86_64__)
#define OOMWATCHER_FIRST_GLIBC "GLIBC_2.2.5"
#elif defined(__aarch64__)
#define OOMWATCHER_FIRST_GLIBC "GLIBC_2.17"
#endif

#define OOMWATCHER_FIRST_VERSION(name) \
  __asm__(".symver " #name "," #name "@" OOMWATCHER_FIRST_GLIBC)

// Moved from libpthread to libc in glibc 2.32 and 2.34.
OOMWATCHER_FIRST_VERSION(pthread_create);
OOMWATCHER_FIRST_VERSION(pthread_join);
OOMWATCHER_FIRST_VERSION(pthread_sigmask);
OOMWATCHER_FIRST_VERSION(sem_init);
OOMWATCHER_FIRST_VERSION(sem_destroy);
OOMWATCHER_FIRST_VERSION(sem_post);
OOMWATCHER_FIRST_VERSION(sem_wait);
#if defined(__x86_64__)
// Came with glibc 2.12.
__asm__(".symver pthread_setname_np,pthread_setname_np@GLIBC_2.12");
#else
OOMWATCHER_FIRST_VERSION(pthread_setname_np);
#endif

// A function of its own since glibc 2.33. The kernel's struct is the C library's on 64-bit
// machines.
static_assert(sizeof(long) == 8);
#define fstat(descriptor, status) static_cast<int>(syscall(SYS_fstat, descriptor, status))

// GCC 12 calls it where a container would ask for more than half of all addresses; libstdc++ has it
// since GCC 11. No container here can come near, so that a binary for older ones brings its own.
namespace std {
[[noreturn]] void __throw_bad_array_new_length();
__attribute__((weak, visibility("hidden"))) void __throw_bad_array_new_length() {
  __builtin_abort();
}
}  // namespace std

// libstdc++ counts references without atomic operations while glibc (2.32) says that there is one
// thread. There never is.
extern "C" {
extern char __libc_single_threaded;
__attribute__((weak, visibility("hidden"))) char __libc_single_threaded = 0;
}
