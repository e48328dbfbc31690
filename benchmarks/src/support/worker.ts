import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** What one command to a worker came to. */
export interface Pass {
  records: number;
  /** From the command to the end. */
  ns: number;
  /** Processor time of the busiest thread: what the pass takes when each thread has a core of its own. */
  cpuNs: number;
  kills: number;
}

const maxPassMs = 60_000;

/** A contender in a process of its own, that does its work whenever a line comes and answers with a line of numbers. */
export class Worker implements Disposable {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  readonly #name: string;
  #errors = '';

  constructor(program: string, args: string[] = [], environment: Record<string, string> = {}) {
    this.#name = [program, ...args].join(' ');
    this.#child = spawn(program, args, { env: { ...process.env, ...environment } });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text;
    });
    this.#lines = createInterface(this.#child.stdout)[Symbol.asyncIterator]();
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  async pass(command = '1'): Promise<Pass> {
    this.#child.stdin.write(`${command}\n`);
    const late = setTimeout(() => this.#child.kill(), maxPassMs);
    const { value, done } = await this.#lines.next();
    clearTimeout(late);
    if (done)
      throw new Error(
        `${this.#name} ended, or did not answer for ${maxPassMs / 1000} s: ${this.#errors}`,
      );
    const [records = 0, ns = 0, cpuNs = 0, kills = 0] = (value as string).split(' ').map(Number);
    return { records, ns, cpuNs, kills };
  }

  /** Not by the end of its input: a read of the log that waits keeps a process until the kernel logs again. */
  [Symbol.dispose](): void {
    this.#child.kill('SIGKILL');
  }
}

/** The other side: answers every line of stdin with what `pass` comes to. */
export async function serve(pass: (command: string) => Promise<Pass>): Promise<void> {
  for await (const command of createInterface(process.stdin)) {
    const { records, ns, cpuNs, kills } = await pass(command);
    console.log(`${records} ${ns} ${cpuNs} ${kills}`);
  }
}
