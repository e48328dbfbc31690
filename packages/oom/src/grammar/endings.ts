/** `Out of memory and no killable processes...` (4.19 and later, also for a cgroup's OOM): nobody was killed. */
export interface NoVictimLine {
  type: 'no-victim';
}

/** The kernel panicked instead of killing. */
export interface PanicLine {
  type: 'panic';
  reason: string;
}

/** `oom_kill_process: 190 callbacks suppressed`: reports that the rate limit withheld since the last one printed. */
export interface SuppressedLine {
  type: 'suppressed';
  count: number;
}

/** `sysrq: Manual OOM execution`: the next report was asked for by hand. */
export interface ManualLine {
  type: 'manual';
}

/** `CPU: 0 UID: 0 PID: 9172 Comm: …` of the stack dump: the process that asked for memory. */
export interface StackLine {
  type: 'stack';
  pid: number;
}

const panic =
  /^Kernel panic - not syncing: (Out of memory and no killable processes\.\.\.|System is deadlocked on memory|Out of memory: (?:system-wide|compulsory) panic_on_oom is enabled)\s*$/;
const suppressed = /^oom_kill_process: (\d{1,15}) callbacks suppressed$/;
const manual = /^(?:sysrq: |SysRq : |sysrq: SysRq : )Manual OOM execution$/;
const stack = /^CPU: \d+ (?:UID: \d+ )?PID: (\d{1,10}) Comm: /;

export function parseNoVictimLine(text: string): NoVictimLine | undefined {
  return /^Out of memory and no killable processes\.\.\.\s*$/.test(text)
    ? { type: 'no-victim' }
    : undefined;
}

export function parsePanicLine(text: string): PanicLine | undefined {
  const match = panic.exec(text);
  return match === null ? undefined : { type: 'panic', reason: match[1] as string };
}

export function parseSuppressedLine(text: string): SuppressedLine | undefined {
  const match = suppressed.exec(text);
  return match === null ? undefined : { type: 'suppressed', count: Number(match[1]) };
}

export function parseManualLine(text: string): ManualLine | undefined {
  return manual.test(text) ? { type: 'manual' } : undefined;
}

export function parseStackLine(text: string): StackLine | undefined {
  const match = stack.exec(text);
  return match === null ? undefined : { type: 'stack', pid: Number(match[1]) };
}
