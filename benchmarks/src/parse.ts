/**
 * How fast a large syslog file is understood: `oomwatcher parse` against a plain JavaScript port of cAdvisor's regular
 * expressions, whole processes on the same file in turns. Prints the ratio and the peak memory.
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
  const runs: { ours: Run; theirs: Run }[] = [];
  for (let round = 0; round < rounds; round++) {
    const ours = await timed(
      agent,
      ['parse', '--json', file],
      (out) => out.split('oomwatcher.kill/v1').length - 1,
    );
    const theirs = await timed(process.execPath, [rival, file], Number);
    runs.push({ ours, theirs });
  }
  for (const [name, who] of [
    ['oomwatcher parse', 'ours'],
    ["cAdvisor's expressions in JavaScript", 'theirs'],
  ] as const) {
    const all = runs.map((run) => run[who]);
    const rate = fileBytes / 1024 ** 2 / median(all.map((run) => run.seconds));
    console.log(
      `  ${name.padEnd(38)} ${rate.toFixed(0).padStart(6)} MiB/s   peak ${Math.max(...all.map((run) => run.peakMiB)).toFixed(0)} MiB   found ${all[0]?.found}`,
    );
  }
  console.log(
    `  ratio ${median(runs.map(({ ours, theirs }) => theirs.seconds / ours.seconds)).toFixed(2)}`,
  );
} finally {
  rmSync(folder, { recursive: true });
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
