import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, globSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { openOomWitness } from '@oomwatcher/kmsg';
import { describe, it } from 'vitest';
import { openKernelLog } from './kernel-log.ts';
import { chromiumPath, root } from './paths.ts';

/** Something that a test cannot do without: undefined when it is there, else one sentence that says what is missing. */
export type Requirement = () => string | undefined;

export const rootUser: Requirement = () =>
  process.getuid?.() === 0 ? undefined : 'needs root: the kernel log and cgroups are written';

export const kernelLog: Requirement = () => {
  try {
    openKernelLog()[Symbol.dispose]();
    return undefined;
  } catch (error) {
    return `needs a readable /dev/kmsg: ${(error as Error).message}`;
  }
};

/** OOM kills can be caused here, and their pids in the log are the pids that this process sees. */
export const oomKills: Requirement = () =>
  rootUser() ??
  kernelLog() ??
  memoryCgroup() ??
  initialPidNamespace() ??
  program('cc', 'a C compiler')();

export const builtAgent: Requirement = () =>
  existsSync(join(root, 'packages/agent/dist/cli/main.js'))
    ? undefined
    : 'needs the built agent: npm run build';

export const builtAddon: Requirement = () =>
  globSync('native/{build/Release,prebuilds/*}/*.node', { cwd: root }).length > 0
    ? undefined
    : 'needs the built addon: npm run build';

export const builtBundle: Requirement = () =>
  existsSync(join(root, 'packages/agent/bundle/main.js'))
    ? undefined
    : 'needs the bundled agent: npm run build';

/** The kernel takes a program that sees OOM kills. */
export const kernelWitness: Requirement = () => {
  try {
    openOomWitness({}, () => {}).close();
    return undefined;
  } catch (error) {
    return `needs a witness in the kernel: ${(error as Error).message}`;
  }
};

/** File systems can be mounted, where others see them. */
export const mounts: Requirement = () =>
  spawnSync('unshare', ['--mount', 'mount', '-t', 'bpf', 'bpf', '/mnt']).status === 0
    ? undefined
    : 'needs the right to mount a BPF file system';

/** cgroup v1's freezer, which keeps even a killed process from dying. */
export const oldFreezer: Requirement = () =>
  existsSync('/sys/fs/cgroup/freezer/cgroup.procs')
    ? undefined
    : "needs cgroup v1's freezer at /sys/fs/cgroup/freezer";

/** What prebuild.sh needs to make the addon for this machine. */
export const prebuildTools: Requirement = () =>
  program('g++', 'a C++ compiler')() ??
  program('make', 'make')() ??
  program('python3', 'Python')() ??
  program('readelf', 'readelf of binutils')();

/** What builds for arm64 on another machine, and what runs it there. */
export const arm64Tools: Requirement = () =>
  prebuildTools() ??
  program('aarch64-linux-gnu-g++', 'a C++ compiler for arm64 (Debian: g++-aarch64-linux-gnu)')() ??
  program('qemu-aarch64', 'an emulator of arm64 (Debian: qemu-user)')();

/** npm's registry, for the packages of others. */
export const nodeRegistry: Requirement = () =>
  spawnSync('npm', ['ping', '--fetch-retries=1', '--fetch-timeout=10000']).status === 0
    ? undefined
    : 'needs npm and its registry';

/** Private mount namespaces, to hide a file from one process without touching it. */
export const privateMounts: Requirement = () =>
  spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0
    ? undefined
    : 'needs unshare(1), mount(8) and the right to mount';

/** Another user can be put on. */
export const setpriv: Requirement = () =>
  spawnSync('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', 'true']).status === 0
    ? undefined
    : 'needs setpriv(1) and the right to become another user';

export const systemdAnalyze: Requirement = () => {
  const { stdout } = spawnSync('systemd-analyze', ['--version'], { encoding: 'utf8' });
  const version = Number(/^systemd (\d+)/.exec(stdout ?? '')?.[1]);
  // `security --offline` came with 250.
  return version >= 250 ? undefined : 'needs systemd-analyze(1) of systemd 250 or newer';
};

export const restrictedLog: Requirement = () =>
  readFileSync('/proc/sys/kernel/dmesg_restrict', 'utf8').trim() === '1'
    ? undefined
    : 'needs kernel.dmesg_restrict=1: anyone may read the log here';

/** The user of `setpriv` can run the command. */
export const readableByNobody: Requirement = () =>
  spawnSync('setpriv', [
    '--reuid=65534',
    '--regid=65534',
    '--clear-groups',
    'test',
    '-r',
    join(root, 'package.json'),
  ]).status === 0
    ? undefined
    : 'needs a checkout that every user may read';

export const chromium: Requirement = () =>
  existsSync(chromiumPath) ? undefined : 'needs Chromium (Debian: chromium)';

export const prometheus: Requirement = () =>
  program('prometheus', 'Prometheus (Debian: prometheus)')() ??
  program('promtool', 'promtool (Debian: prometheus)')();

const initialPidNamespace: Requirement = () =>
  // PROC_PID_INIT_INO, include/linux/proc_ns.h: fixed since Linux 3.8.
  readlinkSync('/proc/self/ns/pid') === 'pid:[4026531836]'
    ? undefined
    : "needs the node's pid namespace: the log names processes by their pids there";

/** Where the memory hierarchy is mounted: a v1 mount that names it, otherwise v2. */
export function memoryHierarchy(): string | undefined {
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '));
  const isV1 = ([, , type, options]: string[]) =>
    type === 'cgroup' && options?.split(',').includes('memory');
  return (mounts.find(isV1) ?? mounts.find(([, , type]) => type === 'cgroup2'))?.[1];
}

const memoryCgroup: Requirement = () => {
  const folder = memoryHierarchy();
  if (folder === undefined) return 'needs a mounted memory cgroup hierarchy';
  try {
    accessSync(folder, constants.W_OK);
    return undefined;
  } catch {
    return `needs a memory cgroup hierarchy that can be written: ${folder} cannot`;
  }
};

function program(name: string, what: string): Requirement {
  return () => (spawnSync(name, ['--version']).status === 0 ? undefined : `needs ${what}`);
}

/**
 * `describe` and `it` for tests with requirements. Where one is missing they are skipped under a name that says why;
 * with OOMWATCHER_REQUIRE_ALL=1 they fail instead.
 */
export function needs(...requirements: Requirement[]) {
  let missing: string | undefined;
  for (const requirement of requirements) missing ??= requirement();
  if (missing === undefined) return { describe, it };
  const reason = missing;
  const replace = (name: string) => {
    if (process.env.OOMWATCHER_REQUIRE_ALL !== '1') return it.skip(`${name} (skipped: ${reason})`);
    return it(name, () => {
      throw new Error(reason);
    });
  };
  return {
    describe: (name: string, _tests: () => void) => replace(name),
    it: (name: string, _test: () => void | Promise<void>, _timeoutMs?: number) => replace(name),
  };
}
