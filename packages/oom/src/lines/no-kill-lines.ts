import type { LineFamily } from './family.js';

/** `Out of memory and no killable processes...` (4.19 and later, also for a cgroup's OOM): nobody was killed. */
export interface NoVictimLine {
  type: 'no-victim';
}

/** The kernel panicked instead of killing. */
export interface PanicLine {
  type: 'panic';
  reason: string;
}

/** `…: OOM victim 88 (postgres) is already exiting. Skip killing the task`: chosen, but not killed. */
export interface ExitingLine {
  type: 'exiting';
  pid: number;
  comm: string;
}

const noVictim = /^Out of memory and no killable processes\.\.\.\s*$/;
const panic =
  /^Kernel panic - not syncing: (Out of memory and no killable processes\.\.\.|System is deadlocked on memory|Out of memory: (?:system-wide|compulsory) panic_on_oom is enabled)\s*$/;
const exiting =
  /^(?:Out of memory|Memory cgroup out of memory)(?: \(oom_kill_allocating_task\))?: OOM victim (\d{1,10}) \(([\s\S]{0,15})\) is already exiting\. Skip killing the task *$/;

export const noVictimFamily: LineFamily<NoVictimLine> = {
  type: 'no-victim',
  parse: (text) => (noVictim.test(text) ? { type: 'no-victim' } : undefined),
  begins: ['Out of memory'],
  rank: 'headline',
  found: [{ bytes: 'Out of memory and no killable process', closes: true }],
  forgeable: true,
  sample: 'Out of memory and no killable processes...',
};

export const panicFamily: LineFamily<PanicLine> = {
  type: 'panic',
  parse: parsePanicLine,
  begins: ['Kernel panic - not syncing: '],
  rank: 'detail',
  found: [{ bytes: 'Kernel panic - not syncing: ' }],
  forgeable: true,
  sample: 'Kernel panic - not syncing: Out of memory: system-wide panic_on_oom is enabled',
};

export const exitingFamily: LineFamily<ExitingLine> = {
  type: 'exiting',
  parse: parseExitingLine,
  begins: ['Out of memory', 'Memory cgroup out of memory'],
  rank: 'headline',
  found: [{ bytes: 'Out of memory: ' }, { bytes: 'Memory cgroup out of memory' }],
  forgeable: true,
  sample:
    'Memory cgroup out of memory: OOM victim 88 (postgres) is already exiting. Skip killing the task',
};

function parsePanicLine(text: string): PanicLine | undefined {
  const match = panic.exec(text);
  return match === null ? undefined : { type: 'panic', reason: match[1] as string };
}

function parseExitingLine(text: string): ExitingLine | undefined {
  const match = exiting.exec(text);
  return match === null
    ? undefined
    : { type: 'exiting', pid: Number(match[1]), comm: match[2] as string };
}
