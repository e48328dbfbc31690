import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { Kill } from '@oomwatcher/oom';
import { command as checkoutCommand } from './paths.ts';

/** A line of the agent's output and when it arrived here. */
export interface Line {
  text: string;
  /** CLOCK_MONOTONIC, microseconds: comparable with a kill's killedAtMonotonicUs. */
  atMonotonicUs: number;
}

/** A JSON line on stderr with --json. */
export interface Notice {
  schema: 'oomwatcher.notice/v1';
  kind: string;
  [field: string]: unknown;
}

export interface AgentOptions {
  source?: 'native' | 'portable';
  /** Put in front: a program that sets up the agent's surroundings and then execs it. */
  wrapper?: string[];
  /** Another installation's command than the checkout's. */
  command?: string;
  /** Added to the environment. */
  env?: Record<string, string>;
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** The command running as a child process; ended with the scope that it was started in (`await using`). */
export class Agent implements AsyncDisposable {
  readonly stdout: Line[] = [];
  readonly stderr: Line[] = [];
  readonly exited: Promise<Exit>;
  /** CLOCK_MONOTONIC, microseconds. */
  readonly startedAtMonotonicUs: number;
  readonly #child: ChildProcess;
  #heard = Promise.withResolvers<void>();
  #exit: Exit | undefined;

  constructor(args: string[], options: AgentOptions = {}) {
    const { source, wrapper = [], command = checkoutCommand, env } = options;
    const [program = command, ...rest] = [...wrapper, command, ...withWitness(args)];
    this.startedAtMonotonicUs = nowMonotonicUs();
    this.#child = spawn(program, rest, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, FORCE_COLOR: '0', OOMWATCHER_SOURCE: source, ...env },
    });
    this.#collect(this.#child.stdout as Readable, this.stdout);
    this.#collect(this.#child.stderr as Readable, this.stderr);
    // `close`, not `exit`: only then has everything that it wrote arrived.
    this.exited = once(this.#child, 'close').then(([code, signal]) => {
      this.#exit = { code, signal };
      this.#wake();
      return this.#exit;
    });
  }

  /** Starts it and waits until it says that it is watching. */
  static async watching(args: string[], options?: AgentOptions): Promise<Agent> {
    await using starting = new AsyncDisposableStack();
    const agent = starting.use(new Agent(args, options));
    await agent.until('says that it is watching', () =>
      agent.stderr.find(
        ({ text }) => /^(\S+Z {2})?watching /.test(text) || text.includes('"kind":"watching"'),
      ),
    );
    starting.move();
    return agent;
  }

  #collect(stream: Readable, lines: Line[]): void {
    let rest = '';
    // Not node:readline, which also ends a line at a carriage return, U+2028 and U+2029.
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      const atMonotonicUs = nowMonotonicUs();
      const texts = (rest + chunk).split('\n');
      rest = texts.pop() ?? '';
      for (const text of texts) lines.push({ text, atMonotonicUs });
      this.#wake();
    });
  }

  #wake(): void {
    const heard = this.#heard;
    this.#heard = Promise.withResolvers();
    heard.resolve();
  }

  /** Kills on stdout (--json), also those without a victim. */
  reported(): Kill[] {
    return this.stdout
      .map(({ text }) => JSON.parse(text) as Kill)
      .filter(({ schema }) => schema === 'oomwatcher.kill/v1');
  }

  /** Kills on stdout (--json), of the processes whose name begins with `prefix`. */
  kills(prefix = ''): Kill[] {
    return this.reported().filter(({ victim }) => victim?.name.startsWith(prefix));
  }

  /** The kill (--json) of one process. */
  killOf(pid: number): Kill | undefined {
    return this.kills().find(({ victim }) => victim?.pid === pid);
  }

  /** Notices on stderr (--json) of one kind. */
  notices(kind: string): Notice[] {
    return this.stderr
      .filter(({ text }) => text.startsWith('{'))
      .map(({ text }) => JSON.parse(text) as Notice)
      .filter((notice) => notice.kind === kind);
  }

  /** Waits until `probe` returns something. @throws when it has not after `timeoutMs`, or when the agent is gone. */
  async until<T>(what: string, probe: () => T | undefined, timeoutMs = 300_000): Promise<T> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const heard = this.#heard.promise;
      const found = probe();
      if (found !== undefined) return found;
      const problem =
        this.#exit !== undefined
          ? `it ended (${JSON.stringify(this.#exit)})`
          : Date.now() >= deadline
            ? `${timeoutMs} ms have passed`
            : undefined;
      if (problem !== undefined)
        throw new Error(`waiting until the agent ${what}: ${problem}\n${this.#log()}`);
      await withTimeout(heard, deadline - Date.now());
    }
  }

  #log(): string {
    const tail = (lines: Line[]) =>
      lines
        .slice(-20)
        .map(({ text }) => `  ${text}`)
        .join('\n');
    return `stderr:\n${tail(this.stderr)}\nstdout:\n${tail(this.stdout)}`;
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Ends it as a supervisor would; after a minute by force. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Exit> {
    if (this.#exit === undefined) this.signal(signal);
    await withTimeout(this.exited, 60_000);
    if (this.#exit === undefined) this.signal('SIGKILL');
    return this.exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.signal('SIGCONT');
    await this.stop();
  }
}

/** OOMWATCHER_WITNESS=require: all that watches live has the witness in the kernel, unless a test says how. */
function withWitness(args: string[]): string[] {
  const how = process.env.OOMWATCHER_WITNESS;
  const isLive = args[0] === 'watch' || args[0] === 'run';
  return how === undefined || !isLive || args.includes('--witness')
    ? args
    : [...args, '--witness', how];
}

function nowMonotonicUs(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

async function withTimeout(promise: Promise<unknown>, milliseconds: number): Promise<void> {
  const { promise: timeout, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  await Promise.race([promise, timeout]);
  clearTimeout(timer);
}
