#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "../core/unique_fd.h"
#include "memory_sample.h"
#include "process_ranking.h"

namespace kmsg {

/** What the recorder knows of a cgroup that it samples. */
struct Recorded {
  /** In the RunUpStore. */
  uint64_t id = 0;
  MemorySample newest;
  uint64_t look_us = 0;
  uint64_t sample_us = 0;
  uint64_t young_until_us = 0;
  /** Looks a second that its pace asks for. */
  double wanted = 0;
  /** Its directory (O_PATH): a cgroup that is made anew under the same path is another one. */
  UniqueFd folder;
  /** The file of its usage, where there is room for it. */
  UniqueFd usage;
  ProcessRanking ranking;
};

/** A directory of the memory hierarchy. */
struct Cgroup {
  std::string name;
  /** Null: the root. */
  Cgroup* parent = nullptr;
  std::map<std::string, std::unique_ptr<Cgroup>> children;
  /** Of its directory: one that is made anew under its name has another. 0: not known. */
  uint64_t inode = 0;
  /** Of inotify; -1: there was none to be had. */
  int watch = -1;
  uint32_t limit = kNoKib;
  /** Null: neither it nor one above has a limit. */
  std::unique_ptr<Recorded> recorded;

  /** From the root, which has none: `/a/b`. */
  std::string path() const;
  /** The nearest limit, its own or one above. */
  uint32_t nearest_limit() const;
};

}  // namespace kmsg
