import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';
import { stormCapture } from '../replay/replay-storm.ts';
import {
  cachegrind,
  hasValgrind,
  instructionsIn,
  instructionsPerRecord,
} from '../support/cachegrind.ts';
import { root } from './base-tree.ts';
import type { Measurement } from './measurement.ts';

/**
 * Kills without a report, reports with their task tables, and records that nobody wants: in these proportions each kind
 * takes about a third of the instructions.
 */
export const parserStorm = { kills: 100, reportEvery: 25, tasks: 20, unrelated: 2 };

/**
 * Neither compiler nor second thread, and no seed of chance: two runs then differ by a millionth. What is counted is the
 * interpreter's work, of JavaScript and of regular expressions; what the compilers make of it is seen in times only.
 */
const countable = ['--jitless', '--predictable', '--hash-seed=1', '--random-seed=1'];

export const parserName = 'parser: instructions per record, interpreted';

/** `V8 13.6 x64`: the interpreter whose instructions are counted. */
export function interpreterName(): string {
  const version = process.versions.v8.split('.', 2).join('.');
  return `V8 ${version} ${process.arch}`;
}

/** @param packages the folder `packages/` of the tree that is measured */
export async function parserInstructions(packages = join(root, 'packages')): Promise<Measurement> {
  if (!hasValgrind()) return { name: parserName, skipped: 'valgrind is missing' };
  const folder = mkdtempSync(join(tmpdir(), 'oomwatcher-parser-'));
  try {
    return { name: parserName, value: await count(folder, packages) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function count(folder: string, packages: string): Promise<number> {
  const program = join(folder, 'parser-passes.cjs');
  const capture = join(folder, 'storm.kmsg');
  bundle(packages, program);
  writeFileSync(capture, stormCapture(parserStorm), 'latin1');
  const counted = async (passes: number) => {
    const [valgrind = '', ...options] = cachegrind;
    const command = [...options, process.execPath, ...countable, program, capture, String(passes)];
    const { stdout, stderr } = await promisify(execFile)(valgrind, command);
    return { instructions: instructionsIn(stderr), records: Number(stdout) };
  };
  const [few, many] = await Promise.all([counted(1), counted(3)]);
  return instructionsPerRecord(few, many);
}

/** One file without types: the interpreter starts with it in a second less, and so does not count Node's TypeScript. */
function bundle(packages: string, program: string): void {
  buildSync({
    entryPoints: [join(import.meta.dirname, 'parser-passes.ts')],
    outfile: program,
    alias: {
      '@oomwatcher/kmsg': join(packages, 'kmsg/src/index.ts'),
      '@oomwatcher/oom': join(packages, 'oom/src/index.ts'),
    },
    bundle: true,
    platform: 'node',
    // import.meta is empty in it, and only the addon, which is not loaded, is looked for by it.
    format: 'cjs',
    target: 'node22',
    logLevel: 'error',
  });
}
