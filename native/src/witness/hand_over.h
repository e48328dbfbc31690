#pragma once

#include <string>
#include <vector>

#include "../core/io_error.h"

namespace kmsg {

// Both ways end in the same: the process that gets the descriptors has them from 3 on, and
// LISTEN_PID, LISTEN_FDS and LISTEN_FDNAMES tell of them (sd_listen_fds(3)).

/** A descriptor that stays its owner's. */
struct NamedFdView {
  std::string name;
  int fd;
};

/** Becomes `command`, which is looked for in PATH, with `fds`. Returns only where that fails; this
 * process has lost descriptors of its own then, and must end. */
IoError BecomeWith(const std::vector<std::string>& command, const std::vector<NamedFdView>& fds);

/** Has systemd keep `fds` for the service's processes (FDSTORE of sd_notify(3)). `socket` is what
 * NOTIFY_SOCKET says. False: `error` says why. */
bool StoreAt(const std::string& socket, const std::vector<NamedFdView>& fds, IoError* error);

/** Has it forget what was stored under these names. */
bool ForgetAt(const std::string& socket, const std::vector<std::string>& names, IoError* error);

}  // namespace kmsg
