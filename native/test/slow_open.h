#pragma once

/**
 * While one lives, a file of the name `slow` is opened only after Release(), and is then `zero` of
 * the same folder: what a lock of the kernel does to a reader of /proc/N/cgroup.
 */
class SlowOpen {
 public:
  SlowOpen();
  ~SlowOpen() { Release(); }

  void Release();

  /** Threads that wait for it. */
  int waiting() const;
};
