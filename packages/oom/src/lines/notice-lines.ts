import type { LineFamily } from './family.js';

/** `oom_kill_process: 190 callbacks suppressed`: reports that the rate limit withheld since the last one printed. */
export interface SuppressedLine {
  type: 'suppressed';
  count: number;
}

/** `sysrq: Manual OOM execution`: the next report was asked for by hand. */
export interface ManualLine {
  type: 'manual';
}

/** `oom_reaper: reaped process 29 (java), now anon-rss:0kB, …`: the memory of a process that was killed is free. */
export interface ReaperLine {
  type: 'reaper';
  pid: number;
  comm: string;
}

const reaped =
  /^oom_reaper: reaped process (\d{1,10}) \(([\s\S]{0,15})\)(?:,? now anon-rss:|,|\.| *$)/;
const suppressed = /^oom_kill_process: (\d{1,15}) callbacks suppressed *$/;
const manual = /^(?:sysrq: |SysRq : |sysrq: SysRq : )Manual OOM execution *$/;

export const suppressedFamily: LineFamily<SuppressedLine> = {
  type: 'suppressed',
  parse: parseSuppressedLine,
  begins: ['oom_kill_process: '],
  rank: 'detail',
  found: [{ bytes: 'oom_kill_process: ' }],
  forgeable: false,
  sample: 'oom_kill_process: 50 callbacks suppressed',
};

export const manualFamily: LineFamily<ManualLine> = {
  type: 'manual',
  parse: (text) => (manual.test(text) ? { type: 'manual' } : undefined),
  begins: ['sysrq: ', 'SysRq : '],
  rank: 'detail',
  found: [{ bytes: 'Manual OOM execution' }],
  forgeable: false,
  sample: 'sysrq: Manual OOM execution',
};

export const reaperFamily: LineFamily<ReaperLine> = {
  type: 'reaper',
  parse: parseReaperLine,
  begins: ['oom_reaper: reaped process '],
  rank: 'detail',
  found: [{ bytes: 'oom_reaper: reaped process ' }],
  forgeable: false,
  beside: true,
  sample: 'oom_reaper: reaped process 29 (java), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB',
};

function parseReaperLine(text: string): ReaperLine | undefined {
  const match = reaped.exec(text);
  return match === null
    ? undefined
    : { type: 'reaper', pid: Number(match[1]), comm: match[2] as string };
}

function parseSuppressedLine(text: string): SuppressedLine | undefined {
  const match = suppressed.exec(text);
  return match === null ? undefined : { type: 'suppressed', count: Number(match[1]) };
}
