#pragma once

#include <string>

namespace kmsg {

/** Whether `path` is in a BPF file system. */
bool IsBpffs(const std::string& path);

/**
 * Mounts one at /sys/fs/bpf, the kernel's place for it, if `path` is below and none is there.
 * systemd has done so everywhere; other systems may not have.
 *
 * Only where the host sees it: one that is mounted for this process alone would end with it, and
 * the program too.
 */
void MountBpffs(const std::string& path);

}  // namespace kmsg
