import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileStatic } from '../compile.ts';
import { until } from '../kube/until.ts';
import { builtAgent, needs, oomKills, privateMounts, type Requirement } from '../needs.ts';

/** The root of a Debian with Incus: its packages and what they need, unpacked. */
const incusFolder = process.env.OOMWATCHER_INCUS ?? '';

export const incusIsUnpacked: Requirement = () =>
  existsSync(join(incusFolder, 'usr/libexec/incus/incusd'))
    ? undefined
    : 'needs Incus: OOMWATCHER_INCUS (CONTRIBUTING.md)';

/** Its lxc refuses the older layouts. */
const cgroup2: Requirement = () =>
  existsSync('/sys/fs/cgroup/cgroup.controllers') ? undefined : 'needs cgroup v2 alone';

export const incusTests = needs(incusIsUnpacked, cgroup2, oomKills, privateMounts, builtAgent);

const environment = { PATH: '/usr/sbin:/usr/bin', HOME: '/root', INCUS_DIR: '/var/lib/incus' };

/** Incus in a root and a mount namespace of its own, with a pool of folders and an image whose only program is the hog. */
export class Incus implements AsyncDisposable {
  readonly #daemon: ChildProcess;

  static async start(): Promise<Incus> {
    await using starting = new AsyncDisposableStack();
    const incus = starting.use(new Incus());
    await until('Incus answers', () => incus.#answers('admin', 'waitready', '--timeout=1'));
    incus.run('storage', 'create', 'default', 'dir');
    incus.#importImage();
    starting.move();
    return incus;
  }

  private constructor() {
    // lxc changes the root, and that has to be a mount.
    const boot = `set -e; mount --bind "$0" "$0"; cd "$0"
      mount -t proc proc proc; mount --rbind /sys sys; mount --rbind /dev dev
      for own in run tmp var/lib var/log; do mount -t tmpfs own "$own"; done
      mkdir -p run/incus var/lib/incus var/log/incus
      exec chroot . /usr/libexec/incus/incusd --group root`;
    this.#daemon = spawn('unshare', ['--mount', 'sh', '-c', boot, incusFolder], {
      stdio: 'ignore',
      env: { ...environment, PATH: `${environment.PATH}:/sbin:/bin` },
    });
  }

  #importImage(): void {
    const folder = mkdtempSync(join(tmpdir(), 'oomwatcher-incus-'));
    const rootfs = join(folder, 'rootfs');
    for (const name of ['dev', 'proc', 'sys', 'sbin'])
      mkdirSync(join(rootfs, name), { recursive: true });
    copyFileSync(compileStatic(join(import.meta.dirname, '../node/hog.c')), join(rootfs, 'hog'));
    writeFileSync(
      join(folder, 'metadata.yaml'),
      'architecture: x86_64\ncreation_date: 1\nproperties: {os: hog}\n',
    );
    const tar = `/proc/${this.#daemon.pid}/root/tmp/hog.tar`;
    execFileSync('tar', ['-C', folder, '-cf', tar, 'metadata.yaml', 'rootfs']);
    rmSync(folder, { recursive: true });
    this.run('image', 'import', '/tmp/hog.tar', '--alias', 'hog');
  }

  /** Runs the hog in a container that may have 24 MiB. @returns what ends and removes it */
  launch(name: string, args: string[], ...more: string[]): AsyncDisposable {
    const settings = ['security.privileged=true', 'limits.memory=24MiB'];
    const hog = `raw.lxc=lxc.init.cmd=/hog ${args.join(' ')}`;
    this.run(
      ...['init', 'hog', name, '--storage=default', ...more],
      ...[...settings, hog].flatMap((setting) => ['--config', setting]),
    );
    this.run('start', name, ...more);
    // What is about to end by itself is refused its removal.
    const remove = () => this.#answers('delete', '--force', name, ...more);
    return { [Symbol.asyncDispose]: () => until(`${name} is removed`, remove) };
  }

  /** @throws with what it said, when it does not end with 0 */
  run(...args: string[]): string {
    const inside = [`--mount=/proc/${this.#daemon.pid}/ns/mnt`, '--', 'chroot', incusFolder];
    return execFileSync('nsenter', [...inside, 'incus', ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 60_000,
      env: environment,
    });
  }

  #answers(...args: string[]): boolean {
    try {
      this.run(...args);
      return true;
    } catch {
      return false;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exited = once(this.#daemon, 'exit');
    if (this.#daemon.exitCode === null && this.#daemon.kill()) await exited;
  }
}
