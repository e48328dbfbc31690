import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { notAllowed, Refusal } from '../refusal.js';

/** 15 bytes, the longest name of a process: the kernel cuts off the newline that echo adds. */
export const victimName = 'oomwatcher-demo';

/**
 * A shell is on every machine and small. It takes its name, asks to be the one that is killed if anybody is, joins the
 * cgroup, and only then doubles a string, up to 256 MiB: where nobody kills it, it ends by itself.
 */
const script = `
echo ${victimName} >/proc/$$/comm
echo 1000 >/proc/$$/oom_score_adj
echo $$ >"$0/cgroup.procs" || exit 2
x=0123456789abcdef
n=0
while [ $n -lt 24 ]; do x=$x$x n=$((n + 1)); done
`;

/** The process that is going to be killed. */
export class Victim implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #ended: Promise<NodeJS.Signals | null>;
  #complaint = '';

  /** @param folder the cgroup that it joins */
  constructor(folder: string) {
    this.#child = spawn('/bin/sh', ['-c', script, folder], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint = (this.#complaint + text).slice(0, 1000);
    });
    this.#ended = once(this.#child, 'close').then(([, signal]) => signal);
    // Looked at later.
    this.#ended.catch(() => {});
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Resolves when it was killed. @throws Refusal when it was not */
  async killed(): Promise<void> {
    const signal = await this.#ended.catch((error: NodeJS.ErrnoException) => {
      throw notAllowed(`the demo needs a shell, and /bin/sh cannot be run (${error.code})`);
    });
    if (signal === 'SIGKILL') return;
    // A terminal sends its signals to the whole group.
    if (signal !== null) throw new Refusal(`the process of the demo was ended by ${signal}`);
    const said = this.#complaint.trim();
    throw said === ''
      ? notAllowed(
          'the kernel did not kill the process of the demo: run it where no swap takes what is too much',
        )
      : notAllowed(`the process of the demo could not join its cgroup: ${said}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended.catch(() => {});
  }
}
