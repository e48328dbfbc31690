#pragma once

#include <string>
#include <vector>

#include "../core/unique_fd.h"

namespace kmsg {

/** A descriptor, and what it is called where one process hands it to another. */
struct NamedFd {
  std::string name;
  UniqueFd fd;
};

using NamedFds = std::vector<NamedFd>;

/** Takes the one of this name out; not valid: there is none. */
inline UniqueFd TakeFd(NamedFds* fds, const std::string& name) {
  for (NamedFd& named : *fds) {
    if (named.name == name) return std::move(named.fd);
  }
  return UniqueFd();
}

}  // namespace kmsg
