import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kill } from '@oomwatcher/oom';

const agent = join(import.meta.dirname, '../../../packages/agent/bin/oomwatcher');

const mostWaitMs = 20_000;

/** `oomwatcher watch --json` on the live log. */
export class LiveAgent implements AsyncDisposable {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #notices: Record<string, unknown>[] = [];

  /** Resolves when it watches; each kill goes to `onKill` as its line arrives. */
  static async start(onKill: (kill: Kill) => void): Promise<LiveAgent> {
    const started = new LiveAgent(onKill);
    await started.until('watches', () => started.notice('watching') !== undefined);
    return started;
  }

  private constructor(onKill: (kill: Kill) => void) {
    this.#child = spawn(agent, ['watch', '--json']);
    this.#child.stdin.end();
    createInterface(this.#child.stdout).on('line', (line) => {
      const record: Kill = JSON.parse(line);
      // Outcomes come there too.
      if (record.schema === 'oomwatcher.kill/v1') onKill(record);
    });
    createInterface(this.#child.stderr).on('line', (line) => this.#notices.push(JSON.parse(line)));
  }

  notice(kind: string): Record<string, unknown> | undefined {
    return this.#notices.find((notice) => notice.kind === kind);
  }

  async until(what: string, isSo: () => boolean): Promise<void> {
    for (let waitedMs = 0; !isSo(); waitedMs += 20) {
      if (waitedMs >= mostWaitMs) throw new Error(`waiting until the agent ${what}`);
      await sleep(20);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return;
    this.#child.kill();
    await once(this.#child, 'close');
  }
}
