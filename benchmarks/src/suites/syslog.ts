import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeSyslogFile } from '../replay/syslog-file.ts';
import { median } from '../support/statistics.ts';

const root = join(import.meta.dirname, '../../..');
const agent = join(root, 'packages/agent/bin/oomwatcher.cjs');
const rival = join(import.meta.dirname, '../contenders/cadvisor-port.ts');
const capture = join(root, 'packages/oom/test/fixtures/6.1.0-56--a-single.kmsg');

const killSchema = 'oomwatcher.kill/v1';

interface Run {
  seconds: number;
  found: number;
  peakMiB: number;
}

export interface SyslogResult {
  bytes: number;
  reports: number;
  rounds: number;
  contenders: {
    name: string;
    mibPerSecond: number;
    peakMiB: number;
    found: number;
    /** How much longer it takes than the first, `oomwatcher parse`. */
    timesOurs: number;
  }[];
}

/**
 * A large syslog file: `oomwatcher parse` against a plain JavaScript port of cAdvisor's regular expressions and, where it
 * is installed, against ripgrep looking for one word; compressed, against zstd and gzip that only decompress it. Whole
 * processes on the same file in turns.
 */
export async function syslog(options: {
  bytes: number;
  rounds: number;
  /** Also compressed. */
  compressed?: true;
}): Promise<SyslogResult> {
  const { bytes, rounds, compressed } = options;
  const folder = mkdtempSync(join(tmpdir(), 'oomwatcher-bench-'));
  try {
    const file = join(folder, 'syslog');
    const reports = await writeSyslogFile(file, bytes, reportLines());
    const contenders: [name: string, run: () => Promise<Run>][] = [
      ['oomwatcher parse', () => timed(agent, ['parse', '--json', file], kills)],
      ['four expressions on every line', () => timed(process.execPath, [rival, file], Number)],
      [
        "the same in cAdvisor's machine",
        () => timed(process.execPath, [rival, file, 'machine'], Number),
      ],
      ...(isInstalled('rg')
        ? [
            [
              'rg -c --no-mmap Killed',
              () => timed('rg', ['-c', '--no-mmap', 'Killed', file], Number),
            ] satisfies [string, () => Promise<Run>],
          ]
        : []),
      ...(compressed ? compressors : [])
        .filter(isInstalled)
        .flatMap((program) => decompressing(program, file)),
    ];
    const runs = contenders.map((): Run[] => []);
    for (let round = 0; round < rounds; round++) {
      for (const [i, [, run]] of contenders.entries()) runs[i]?.push(await run());
    }
    const ours = runs[0] as Run[];
    return {
      bytes,
      reports,
      rounds,
      contenders: contenders.map(([name], i) => {
        const all = runs[i] as Run[];
        return {
          name,
          mibPerSecond: bytes / 1024 ** 2 / median(all.map(({ seconds }) => seconds)),
          peakMiB: Math.max(...all.map((run) => run.peakMiB)),
          found: all[0]?.found ?? 0,
          timesOurs: median(all.map(({ seconds }, j) => seconds / (ours[j] as Run).seconds)),
        };
      }),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const compressors = ['zstd', 'gzip'];

/** The same log compressed: parsed, and only decompressed by the program itself. */
function decompressing(program: string, file: string): [string, () => Promise<Run>][] {
  const compressed = `${file}.${program}`;
  const out = openSync(compressed, 'w');
  spawnSync(program, ['-1', '-c', file], { stdio: ['ignore', out, 'inherit'] });
  closeSync(out);
  return [
    [`oomwatcher parse, ${program}`, () => timed(agent, ['parse', '--json', compressed], kills)],
    [
      `${program} -dc | wc -c`,
      () => timed('sh', ['-c', `${program} -dc "$0" | wc -c`, compressed], () => 0),
    ],
  ];
}

function kills(out: string): number {
  return out.split(killSchema).length - 1;
}

function isInstalled(program: string): boolean {
  return spawnSync(program, ['--version']).status === 0;
}

function reportLines(): string[] {
  return readFileSync(capture, 'latin1')
    .split('\n')
    .filter((line) => line.includes(';'))
    .map((line) => line.slice(line.indexOf(';') + 1));
}

/** Runs a program to its end; its peak memory is what the kernel says of it while it lives. */
async function timed(
  program: string,
  args: string[],
  count: (out: string) => number,
): Promise<Run> {
  const start = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  let out = '';
  let peakKiB = 0;
  child.stdout.setEncoding('latin1').on('data', (text: string) => {
    out += text;
  });
  const sampler = setInterval(() => {
    peakKiB = Math.max(peakKiB, peakOf(child.pid as number));
  }, 50);
  const code = await new Promise((resolve) => child.once('close', resolve));
  clearInterval(sampler);
  if (code !== 0) throw new Error(`${program} ended with ${code}`);
  return {
    seconds: (performance.now() - start) / 1000,
    found: count(out),
    peakMiB: peakKiB / 1024,
  };
}

function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
