import { readFileSync } from 'node:fs';
import { seesNodeCgroups, seesNodePids } from '@oomwatcher/watcher';
import { type Finding, ok, warning } from './finding.js';

/** Whether the pids of the kernel's log are pids here. */
export function pidNamespace(isNodes = seesNodePids()): Finding {
  const check = 'pid namespace';
  if (isNodes) return ok(check, "the node's own: pids of the log are pids here");
  return warning(
    check,
    "not the node's: a victim's cgroup cannot be read from /proc when the kernel withholds its report",
    'in Kubernetes set hostPID: true, with Docker or Podman --pid=host',
  );
}

/** Whether cgroup paths begin at the node's root. */
export function cgroupNamespace(isNodes = seesNodeCgroups()): Finding {
  const check = 'cgroup namespace';
  if (isNodes) return ok(check, "the node's own: paths begin at the node's root");
  return warning(
    check,
    "not the node's: neither /proc nor the kernel's counters can place a kill whose report was withheld, and no kill is proven complete",
    'with Docker or Podman run it with --cgroupns=host, in Kubernetes with securityContext.privileged: true',
  );
}

/** Whether other users' processes can be looked at: /proc may be mounted with hidepid. */
export function processes(read = readInit): Finding {
  const check = 'processes';
  try {
    read();
    return ok(check, '/proc shows the cgroups of all processes');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return warning(
      check,
      `/proc does not show other users' processes (${code}): a victim's cgroup cannot be read there when the kernel withholds its report`,
      'run it as root, or mount /proc without hidepid',
    );
  }
}

function readInit(): void {
  readFileSync('/proc/1/cgroup');
}
