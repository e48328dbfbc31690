import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isSystemdDriver } from './cgroup-driver.ts';

/** What kubelet sets for the whole machine (pkg/kubelet/cm, setupKernelTunables). */
const tunables = [
  'vm/overcommit_memory',
  'vm/panic_on_oom',
  'kernel/panic',
  'kernel/panic_on_oops',
  'kernel/keys/root_maxkeys',
  'kernel/keys/root_maxbytes',
];

/**
 * In a mount namespace of one's own: gives a node folders of its own under the paths that kubelet, containerd and the
 * manifests name, so that nothing of the machine is seen, changed or left.
 */
export function withdraw(paths: { varLib: string; varLog: string; run: string }): void {
  // Not to the outside, whose mounts are private since unshare(1): to the containers.
  mount('--make-rshared', '/');
  mount('--bind', paths.varLib, '/var/lib');
  mount('--bind', paths.varLog, '/var/log');
  if (existsSync('/sys/fs/bpf')) mount('-t', 'bpf', 'bpf', '/sys/fs/bpf');
  for (const name of tunables) {
    const copy = join(paths.varLib, `${basename(name)}.copy`);
    writeFileSync(copy, readFileSync(join('/proc/sys', name)));
    mount('--bind', copy, join('/proc/sys', name));
  }
  // Where the driver finds systemd.
  for (const name of isSystemdDriver ? ['systemd', 'dbus'] : []) {
    mkdirSync(join(paths.run, name));
    mount('--rbind', join('/run', name), join(paths.run, name));
  }
  mount('--rbind', paths.run, '/run');
}

function mount(...args: string[]): void {
  execFileSync('mount', args);
}
