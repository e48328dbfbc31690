import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { until } from '../kube/until.ts';
import { packHogImage } from '../node/image.ts';
import { runtimesFolder } from './assets.ts';

/** What the runtimes write, in the place of the machine's own. */
const own = ['/var/lib', '/run', '/etc'];

/** Cgroups that the runtimes leave empty in each hierarchy, the inner ones first. */
const leftovers = ['default', 'docker', 'libpod_parent/conmon', 'libpod_parent', 'lxc.pivot*'];

/**
 * A host with container runtimes and without Kubernetes: in a mount namespace of its own, where it has /var/lib, /run and /etc
 * to itself. Everything that is started there is ended and removed with it.
 */
export class PlainHost implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'oomwatcher-host-'));
  readonly image: string;
  readonly #keeper: ChildProcess;
  readonly #daemons: ChildProcess[] = [];

  static async start(): Promise<PlainHost> {
    await using starting = new AsyncDisposableStack();
    const host = starting.use(new PlainHost());
    await until('it has folders of its own', () => host.#answers('test', '-e', '/run/is-own'));
    starting.move();
    return host;
  }

  private constructor() {
    for (const path of own) mkdirSync(this.at(path), { recursive: true });
    writeFileSync(this.at('/run/is-own'), '');
    for (const name of ['passwd', 'group', 'ld.so.cache'])
      copyFileSync(join('/etc', name), this.at(join('/etc', name)));
    this.image = packHogImage(this.folder);
    const binds = own.map((path) => `mount --bind "$0${path}" ${path}`).join(' && ');
    // It lasts as long as its input, which is as long as whoever started it.
    this.#keeper = spawn('unshare', ['--mount', 'sh', '-c', `${binds} && cat`, this.folder], {
      stdio: ['pipe', 'ignore', 'inherit'],
    });
  }

  /** Where the host's file is, seen from outside. */
  at(path: string): string {
    return join(this.folder, path);
  }

  /** What to put in front of a command that is to run there. */
  get wrapper(): string[] {
    return ['nsenter', `--mount=/proc/${this.#keeper.pid}/ns/mnt`, '--'];
  }

  /** @throws with what it said, when it does not end with 0 */
  run(...command: string[]): string {
    const [program = '', ...args] = [...this.wrapper, ...command];
    return execFileSync(program, args, {
      encoding: 'utf8',
      stdio: 'pipe',
      timeout: 60_000,
      env: this.#environment,
    });
  }

  /** A command whose end says nothing: it ends with the container, which is killed. */
  tryTo(...command: string[]): void {
    this.#answers(...command);
  }

  /** A daemon, until `isUp` ends with 0. */
  async daemon(command: string[], isUp: string[]): Promise<void> {
    const [program = '', ...args] = [...this.wrapper, ...command];
    this.#daemons.push(spawn(program, args, { stdio: 'ignore', env: this.#environment }));
    await until(`${command[0]} answers`, () => this.#answers(...isUp));
  }

  get #environment(): NodeJS.ProcessEnv {
    const usr = join(runtimesFolder() ?? '', 'usr');
    const path = [join(usr, 'bin'), join(usr, 'sbin'), process.env.PATH].join(delimiter);
    const [libraries = ''] = globSync(join(usr, 'lib/*-linux-gnu'));
    return { ...process.env, PATH: path, LD_LIBRARY_PATH: libraries };
  }

  #answers(...command: string[]): boolean {
    try {
      this.run(...command);
      return true;
    } catch {
      return false;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const daemon of this.#daemons.reverse()) {
      const exited = once(daemon, 'exit');
      if (daemon.exitCode === null && daemon.kill()) await exited;
    }
    const exited = once(this.#keeper, 'exit');
    this.#keeper.stdin?.end();
    if (this.#keeper.exitCode === null) await exited;
    rmSync(this.folder, { recursive: true });
    for (const name of leftovers)
      for (const cgroup of globSync(`/sys/fs/cgroup/{*/,}${name}`)) removeEmpty(cgroup);
  }
}

function removeEmpty(cgroup: string): void {
  try {
    rmdirSync(cgroup);
  } catch {
    // Somebody else's: there are containers in it.
  }
}
