import type { KeepFilter, KeepRule, SnapshotRule } from './keep-filter.js';

/** Lines that say of themselves that they are the OOM killer's: wanted from everybody, so that forgery is seen. */
const headlines = [
  'oom-kill:constraint=',
  'Out of memory',
  'Memory cgroup out of memory',
  'Killed process ',
  'Task in ',
  'Tasks in ',
];

/** Lines that mean something only beside a headline: wanted from the kernel alone. */
const details = [
  'Kill process ',
  'CPU: ',
  'memory: usage ',
  'Memory cgroup stats for ',
  '[',
  'oom_kill_process: ',
  'Kernel panic - not syncing: ',
  'sysrq: ',
  'SysRq : ',
  // Continuations that kernels up to 4.8 and netconsole store without the fragment flag.
  ',',
  '/',
  ' killed as a result of limit of ',
  ' as a result of limit of ',
  ' are going to be killed due to ',
];

/** The records of the log that the machine wants, as data for whoever reads the log. Bytes as the kernel escapes them. */
export const keepFilter: KeepFilter = {
  rules: [
    ...headlines.map((bytes): KeepRule => ({ bytes, at: 'start', facility: 'any' })),
    ...details.map((bytes): KeepRule => ({ bytes, at: 'start', facility: 'kernel' })),
    // The line begins with the name of the process that asked for memory.
    { bytes: ' invoked oom-killer: ', at: 'anywhere', facility: 'any' },
  ],
  fragments: true,
};

/** Reads these files of a process' folder in /proc the moment its kill line is read: see Witness. */
export function snapshotRules(files: Pick<SnapshotRule, 'files' | 'slowFiles'>): SnapshotRule[] {
  return [{ marker: 'Killed process ', folder: '/proc/%', ...files }];
}

/**
 * The same for a captured log, whose lines come in any format: words to look for anywhere in it, and after how many
 * further lines of the kernel a report is certainly over (one a task, and the largest nodes run tens of thousands).
 * The search is the faster the longer the shortest of them is.
 */
export const captureHeadlines: { bytes: string; opens?: number; closes?: boolean }[] = [
  { bytes: ' invoked oom-killer: ', opens: 20_000 },
  { bytes: 'oom-kill:constraint=', opens: 64 },
  { bytes: 'Memory cgroup out of memory' },
  { bytes: 'Out of memory: ' },
  { bytes: 'Out of memory and no killable process', closes: true },
  { bytes: 'Killed process ', opens: 8, closes: true },
  { bytes: ') sharing same memory' },
  { bytes: 'memory.oom.group set', opens: 8 },
  { bytes: 'oom_kill_process: ' },
  { bytes: 'Manual OOM execution' },
  { bytes: 'Kernel panic - not syncing: ' },
  // User-space killers: systemd-oomd, earlyoom, lmkd.
  { bytes: ' due to memory ' },
  { bytes: 'sending SIGTERM to process' },
  { bytes: 'sending SIGKILL to process' },
  { bytes: ', oom_score_adj ' },
  { bytes: 'lowmemorykiller' },
];
