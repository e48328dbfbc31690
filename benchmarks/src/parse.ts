/**
 * How fast a large syslog file is understood: `oomwatcher parse` against a plain JavaScript port of cAdvisor's regular
 * expressions, whole processes on the same file in turns. Prints ratios and peak memory.
 *
 *     node parse.ts [bytes]
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { machineLine } from './machine-line.ts';
import { median } from './pass.ts';
import { writeSyslogFile } from './syslog-file.ts';

const fileBytes = Number(process.argv[2] ?? 2 * 1024 ** 3);
const rounds = 3;

const agent = fileURLToPath(new URL('../../packages/agent/bin/oomwatcher', import.meta.url));
const rival = fileURLToPath(new URL('./cadvisor-port.ts', import.meta.url));
const capture = fileURLToPath(
  new URL('../../packages/oom/test/fixtures/6.1.0-56--a-single.kmsg', import.meta.url),
);

const killSchema = 'oomwatcher.kill/v1';

interface Run {
  seconds: number;
  found: number;
  peakMiB: number;
}

console.log(machineLine());
const folder = mkdtempSync(join(tmpdir(), 'oomwatcher-bench-'));
try {
  const file = join(folder, 'syslog');
  const reports = await writeSyslogFile(file, fileBytes, reportLines());
  console.log(
    `a syslog file of ${(fileBytes / 1024 ** 3).toFixed(2)} GiB with ${reports} OOM reports`,
  );
  const contenders: [name: string, run: () => Promise<Run>][] = [
    [
      'oomwatcher parse',
      () => timed(agent, ['parse', '--json', file], (out) => out.split(killSchema).length - 1),
    ],
    ['four expressions on every line', () => timed(process.execPath, [rival, file], Number)],
    [
      "the same in cAdvisor's machine",
      () => timed(process.execPath, [rival, file, 'machine'], Number),
    ],
  ];
  const runs = new Map<string, Run[]>(contenders.map(([name]) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of contenders) runs.get(name)?.push(await run());
  }
  report(runs);
} finally {
  rmSync(folder, { recursive: true });
}

function report(runs: Map<string, Run[]>): void {
  const ours = runs.get('oomwatcher parse') as Run[];
  for (const [name, all] of runs) {
    const rate = fileBytes / 1024 ** 2 / median(all.map(({ seconds }) => seconds));
    const peakMiB = Math.max(...all.map((run) => run.peakMiB));
    const ratio = median(all.map(({ seconds }, i) => seconds / (ours[i] as Run).seconds));
    console.log(
      `  ${name.padEnd(32)} ${rate.toFixed(0).padStart(6)} MiB/s   peak ${peakMiB.toFixed(0).padStart(4)} MiB   ` +
        `found ${all[0]?.found}   takes ${ratio.toFixed(2)} x the time`,
    );
  }
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
