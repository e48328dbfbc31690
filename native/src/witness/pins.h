#pragma once

#include <optional>
#include <string>

#include "../core/io_error.h"
#include "../core/unique_fd.h"

namespace kmsg {

/**
 * A directory of a bpffs where the program stays while no agent runs. It belongs to one agent at a
 * time: the ring has one reader's position.
 *
 * In it `current` is a complete set; `next` is one that is being made, and was left by an agent
 * that was killed meanwhile.
 */
class PinDirectory {
 public:
  /** Makes the directory where it is missing, and locks it; the kernel's own place for a bpffs,
   * /sys/fs/bpf, is mounted if it is not. Empty: `error` says why and what to do; code
   * `ERR_PINS_IN_USE`: another agent has it; `ERR_PINS_FOREIGN`: it is not ours. */
  static std::optional<PinDirectory> Open(const std::string& path, IoError* error);

  /** Whether a set is there. */
  bool HasSet() const;

  /** The object of this name in the set; empty: -errno in `error_number`. */
  UniqueFd OpenObject(const char* name, int* error_number) const;

  /** Makes an empty set beside the one that is there. 0 or the errno, as below. */
  int BeginSet();
  int Pin(int fd, const char* name) const;
  /** Adds to the set that is there. */
  int PinInSet(int fd, const char* name) const;

  /** Puts the new set in the old one's place; what is in the old one lives on while it is open. */
  int CommitSet();

  /** What the last reader left of the ring of the program that this set's has replaced. */
  UniqueFd OpenRingBefore() const;
  void RemoveRingBefore() const;

  /** Removes the set that is there. */
  void Remove() const;

  const std::string& path() const { return path_; }

  /** Gives up the lock to who is to have it after us. */
  UniqueFd TakeLock() { return std::move(lock_); }

 private:
  PinDirectory(std::string path, UniqueFd lock) : path_(std::move(path)), lock_(std::move(lock)) {}

  std::string path_;
  /** Of the directory. */
  UniqueFd lock_;
};

constexpr char kRingBeforeName[] = "ring_before";

/** Takes a witness out of the kernel that an agent left at `path`. False: `error` says why. */
bool RemovePins(const std::string& path, IoError* error);

}  // namespace kmsg
