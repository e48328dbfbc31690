import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepFilter } from '@oomwatcher/oom';
import { unrelatedCapture } from '../replay/kernel-records.ts';
import { stormCapture } from '../replay/replay-storm.ts';
import { buildHotPath } from '../support/build-native.ts';
import { cachegrind, instructionsIn, instructionsPerRecord } from '../support/cachegrind.ts';

export const contents = ['unrelated records', 'OOM reports'] as const;
export type Content = (typeof contents)[number];

const captures: Record<Content, () => string> = {
  'unrelated records': () => unrelatedCapture(5000),
  'OOM reports': () => stormCapture({ kills: 100, reportEvery: 1, tasks: 10, unrelated: 0 }),
};

/** hot_path.cc takes them so. */
const rules = keepFilter.rules
  .map(({ at, facility, bytes }) => `${at} ${facility} ${bytes}\n`)
  .join('');

export interface HotPathRun {
  records: number;
  kept: number;
  reads: number;
  /** Processor time of the reading thread, from the first read to the last. */
  nanoseconds: number;
}

/** The drain thread of one tree over seeded records in memory. */
export class HotPath implements Disposable {
  readonly #program: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'oomwatcher-hot-path-'));

  constructor(native?: string) {
    this.#program = buildHotPath(native);
    for (const content of contents)
      writeFileSync(this.#file(content), captures[content](), 'latin1');
  }

  run(content: Content, passes: number): HotPathRun {
    return JSON.parse(this.#output([this.#program, 'drain', String(passes), this.#file(content)]));
  }

  /**
   * Instructions for each record in the drain thread, as cachegrind counts them: what two runs of a different number of
   * passes differ by, less the same for a loop that only fetches the records.
   */
  instructionsPerRecord(content: Content): number {
    return this.#instructions('drain', content) - this.#instructions('device', content);
  }

  #instructions(mode: 'drain' | 'device', content: Content): number {
    const counted = (passes: number) => {
      const { stdout, stderr } = this.#spawn([
        ...cachegrind,
        this.#program,
        mode,
        String(passes),
        this.#file(content),
      ]);
      const { records } = JSON.parse(stdout) as HotPathRun;
      return { instructions: instructionsIn(stderr), records };
    };
    return instructionsPerRecord(counted(1), counted(5));
  }

  #file(content: Content): string {
    return join(this.#folder, `${content.replace(' ', '-')}.kmsg`);
  }

  #output(command: string[]): string {
    return this.#spawn(command).stdout;
  }

  #spawn([program = '', ...args]: string[]): { stdout: string; stderr: string } {
    const result = spawnSync(program, args, { input: rules, encoding: 'latin1' });
    if (result.status !== 0) throw new Error(`${program} failed: ${result.stderr}`);
    return result;
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true });
  }
}
