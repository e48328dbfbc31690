import { spawnSync } from 'node:child_process';
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { openOomWitness } from '@oomwatcher/kmsg';
import { describe, it } from 'vitest';
import { openKernelLog } from './kernel-log.ts';
import { chromiumPath, root } from './paths.ts';

/**
 * What a machine allows, for the tests of all packages. Each answer comes from doing the very thing, once a file: who is
 * root in a container may be refused what an ordinary user elsewhere is not, so neither a user id nor a mode says it.
 */

/** Something that a test cannot do without: undefined when it is there, else one sentence that says what is missing. */
export type Requirement = () => string | undefined;

/** `attempt` throws where it is missing. */
function tried(what: string, attempt: () => void): Requirement {
  let answer: { reason: string | undefined } | undefined;
  return () => {
    answer ??= { reason: reasonOf(what, attempt) };
    return answer.reason;
  };
}

function reasonOf(what: string, attempt: () => void): string | undefined {
  try {
    attempt();
    return undefined;
  } catch (error) {
    return `needs ${what}: ${(error as Error).message.split('\n', 1)[0]}`;
  }
}

/** @throws with what it said, when it does not end with 0 */
function succeeds(program: string, ...args: string[]): void {
  const { error, status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(stderr.trim() || `${program} ended with ${status}`);
}

export function installed(name: string, what: string, ...args: string[]): Requirement {
  return tried(what, () => succeeds(name, ...(args.length > 0 ? args : ['--version'])));
}

/** Some containers have no /dev/pts. */
export const terminal = installed('script', 'a terminal', '-qec', 'true', '/dev/null');

/** Linux's character device 1:11. */
const kmsgDevice = (1 << 8) | 11;

function openLog(flags: number): void {
  const fd = openSync('/dev/kmsg', flags | constants.O_NONBLOCK);
  try {
    if (fstatSync(fd).rdev !== kmsgDevice) throw new Error('/dev/kmsg is another file here');
  } finally {
    closeSync(fd);
  }
}

export const kernelLog = tried('a readable /dev/kmsg', () => {
  openLog(constants.O_RDONLY);
  using log = openKernelLog();
  log.read();
});

export const writableKernelLog: Requirement = () => kernelLog() ?? writesKernelLog();
const writesKernelLog = tried('a /dev/kmsg that may be written', () => openLog(constants.O_RDWR));

/** Whether the kernel itself reports writes that it dropped. */
export const ratelimitedLog: Requirement = () =>
  writableKernelLog() ??
  (readFileSync('/proc/sys/kernel/printk_devkmsg', 'latin1').trim() === 'ratelimit'
    ? undefined
    : 'needs kernel.printk_devkmsg=ratelimit');

/** OOM kills can be caused here, and their pids in the log are the pids that this process sees. */
export const oomKills: Requirement = () =>
  writableKernelLog() ??
  limitedCgroup() ??
  initialPidNamespace() ??
  installed('cc', 'a C compiler')();

export const builtAgent: Requirement = () =>
  existsSync(join(root, 'packages/agent/dist/cli/main.js'))
    ? undefined
    : 'needs the built agent: npm run build';

export const builtAddon = tried('the built addon (npm run build)', () => {
  createRequire(import.meta.url)(join(root, 'native'));
});

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

const writableCheckout = tried('a checkout that may be written', () =>
  accessSync(join(root, 'native'), constants.W_OK),
);

/** What prebuild.sh needs to make the addon for this machine. */
export const prebuildTools: Requirement = () =>
  writableCheckout() ??
  installed('g++', 'a C++ compiler')() ??
  installed('make', 'make')() ??
  installed('python3', 'Python')() ??
  installed('readelf', 'readelf of binutils')();

/** What builds for arm64 on another machine, and what runs it there. */
export const arm64Tools: Requirement = () =>
  prebuildTools() ??
  installed(
    'aarch64-linux-gnu-g++',
    'a C++ compiler for arm64 (Debian: g++-aarch64-linux-gnu)',
  )() ??
  installed('qemu-aarch64', 'an emulator of arm64 (Debian: qemu-user)')();

/** npm's registry, for the packages of others. */
export const nodeRegistry = tried("npm's registry", () =>
  succeeds('npm', 'ping', '--fetch-retries=1', '--fetch-timeout=10000', '--loglevel=error'),
);

/** Private mount namespaces, to hide a file from one process without touching it. */
export const privateMounts = tried('unshare(1), mount(8) and the right to mount', () =>
  succeeds('unshare', '--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'),
);

/** Another user can be put on. */
export const setpriv = tried('setpriv(1) and the right to become another user', () =>
  succeeds('setpriv', ...nobody, 'true'),
);

/** This process can become another user for a moment; who he is everybody may become. */
export const otherUser = tried('the right to become another user', () => {
  if (process.seteuid === undefined) throw new Error('this system has no users');
  const own = process.geteuid?.() as number;
  process.seteuid(own === 65534 ? 65533 : 65534);
  process.seteuid(own);
});

const nobody = ['--reuid=65534', '--regid=65534', '--clear-groups'];

export const systemdAnalyze: Requirement = () => {
  const { stdout } = spawnSync('systemd-analyze', ['--version'], { encoding: 'utf8' });
  const version = Number(/^systemd (\d+)/.exec(stdout ?? '')?.[1]);
  // `security --offline` came with 250.
  return version >= 250 ? undefined : 'needs systemd-analyze(1) of systemd 250 or newer';
};

/** The log is there, and refused to who has no capability. */
export const restrictedLog: Requirement = () => kernelLog() ?? setpriv() ?? refusedToNobody();
const refusedToNobody = tried('kernel.dmesg_restrict=1', () => {
  const { status } = spawnSync('setpriv', [...nobody, 'sh', '-c', ': </dev/kmsg']);
  if (status === 0) throw new Error('anyone may read the log here');
});

/** The user of `setpriv` can run the command. */
export const readableByNobody = tried('a checkout that every user may read', () =>
  succeeds('setpriv', ...nobody, 'test', '-r', join(root, 'package.json')),
);

export const fullDevice = tried('/dev/full', () => closeSync(openSync('/dev/full', 'w')));

export const chromium: Requirement = () =>
  existsSync(chromiumPath) ? undefined : 'needs Chromium (Debian: chromium)';

export const mandoc: Requirement = () =>
  // It has no option that ends with 0.
  spawnSync('mandoc', ['-?']).error === undefined ? undefined : 'needs mandoc(1) (Debian: mandoc)';

/** strace(1), and the right to trace a child. */
export const strace = tried('strace(1) and the right to trace', () =>
  succeeds('strace', '-qq', '-o', '/dev/null', 'true'),
);

export const python = installed('python3', 'Python');

export const prometheus: Requirement = () =>
  installed('prometheus', 'Prometheus (Debian: prometheus)')() ??
  installed('promtool', 'promtool (Debian: prometheus)')();

const initialPidNamespace: Requirement = () =>
  // PROC_PID_INIT_INO, include/linux/proc_ns.h: fixed since Linux 3.8.
  readlinkSync('/proc/self/ns/pid') === 'pid:[4026531836]'
    ? undefined
    : "needs the node's pid namespace: the log names processes by their pids there";

/** Where the memory hierarchy is mounted: a v1 mount that names it, otherwise v2. */
export function memoryHierarchy(): string | undefined {
  return mountedHierarchy()?.folder;
}

function mountedHierarchy(): { version: 1 | 2; folder: string } | undefined {
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '));
  const v1 = mounts.find(
    ([, , type, options]) => type === 'cgroup' && options?.split(',').includes('memory'),
  )?.[1];
  if (v1 !== undefined) return { version: 1, folder: v1 };
  const v2 = mounts.find(([, , type]) => type === 'cgroup2')?.[1];
  return v2 === undefined ? undefined : { version: 2, folder: v2 };
}

/** A memory cgroup can be made and limited, and what is in it is charged to it. */
export const limitedCgroup = tried('a memory cgroup hierarchy that can be written', () => {
  const hierarchy = mountedHierarchy();
  if (hierarchy === undefined) throw new Error('none is mounted');
  const { version, folder } = hierarchy;
  const cgroup = join(folder, `oomwatcher-needs-${process.pid}-${process.hrtime.bigint()}`);
  mkdirSync(cgroup);
  try {
    const [limit, usage] =
      version === 1
        ? ['memory.limit_in_bytes', 'memory.usage_in_bytes']
        : ['memory.max', 'memory.current'];
    writeFileSync(join(cgroup, limit as string), String(32 * 1024 * 1024));
    // A process that joins and then allocates: its page tables alone are charged.
    const script =
      'echo $$ >"$0/cgroup.procs" && x=$(head -c 100000 /dev/zero | tr "\\0" x) && cat "$0/$1"';
    const { stdout, stderr } = spawnSync('sh', ['-c', script, cgroup, usage as string], {
      encoding: 'utf8',
    });
    if (!(Number(stdout) > 0)) throw new Error(stderr.trim() || 'memory is not charged to it');
  } finally {
    removeCgroup(cgroup);
  }
});

/** The kernel lets go of the last process a moment after it has ended. */
function removeCgroup(path: string): void {
  for (let attempt = 1; ; attempt++) {
    try {
      return rmdirSync(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EBUSY' || attempt === 500) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

/**
 * `describe`, `it` and `test` for tests with requirements. Where one is missing they are skipped under a name that says
 * why; with OOMWATCHER_REQUIRE_ALL=1 they fail instead.
 */
export function needs(...requirements: Requirement[]) {
  let missing: string | undefined;
  for (const requirement of requirements) missing ??= requirement();
  if (missing === undefined) return { describe, it, test: it };
  const reason = missing;
  const replace = (name: string) => {
    if (process.env.OOMWATCHER_REQUIRE_ALL !== '1') return it.skip(`${name} (skipped: ${reason})`);
    return it(name, () => {
      throw new Error(reason);
    });
  };
  const replaceTest = (name: string, _test: () => void | Promise<void>, _timeoutMs?: number) =>
    replace(name);
  return {
    describe: (name: string, _tests: () => void) => replace(name),
    it: replaceTest,
    test: replaceTest,
  };
}
