/**
 * The kernel's words for a person who looks for them in any text: how the lines of a report begin, and when such a line is
 * whole. What the lines mean is not asked here. Not derived from the table of kernel lines: in any text more must be there
 * before it counts than in the kernel's own log. A test holds that every line of the table is among these.
 */

/** Names have at most 15 bytes, any but NUL; a name in a log that escapes bytes may be longer as it is written. */
const name = String.raw`[\s\S]{0,60}?`;
const kb = String.raw`\d+kB`;

interface Family {
  /** How a line begins. */
  start: string;
  /** Such a line from its first byte to its last. */
  whole: RegExp;
}

const row = String.raw`\[ *\d{1,10}\](?: +-?\d+){6,11}`;
/** Of the table of tasks, in the words of all kernels. */
const columns =
  'rss_anon|rss_file|rss_shmem|nr_ptes|nr_pmds|nr_puds|pgtables_bytes|swapents|cpu|oom_adj|oom_score_adj';
const message = String.raw`(?:Out of memory|Memory cgroup out of memory)(?: \(oom_kill_allocating_task\))?: `;

const families: readonly Family[] = [
  {
    start: `(?:${message})?Killed process \\d`,
    whole: new RegExp(
      `^(?:${message})?Killed process \\d+(?:, UID -?\\d+,)? \\(${name}\\)(?:, UID -?\\d+,)? ` +
        `total-vm:${kb}, anon-rss:${kb}, file-rss:${kb}(?:, shmem-rss:${kb})?(?:, UID:-?\\d+)?` +
        `(?: pgtables:${kb})?(?: oom_score_adj:-?\\d+)?$`,
    ),
  },
  {
    start: `${message}Kill process \\d`,
    whole: new RegExp(`^${message}Kill process \\d+ \\(${name}\\) score \\d+ or sacrifice child$`),
  },
  { start: 'Kill process \\d+ \\(', whole: /^Kill process \d+ \([\s\S]*\) sharing same memory$/ },
  {
    start: 'Out of Memory: Killed process \\d',
    whole: /^Out of Memory: Killed process \d+ \(.*\)\.$/,
  },
  {
    start: `${message}OOM victim \\d`,
    whole: /Skip killing the task$/,
  },
  {
    start: 'oom-kill:constraint=CONSTRAINT_',
    whole: /^oom-kill:constraint=[A-Z_]+,nodemask=[^ ]+,task=[\s\S]{0,60}?,pid=\d+,uid=-?\d+$/,
  },
  {
    start: 'Task in(?: /|$)',
    whole: /^Task in \/\S* killed as a result of limit of \/\S*$/,
  },
  {
    start: 'Tasks in(?: /|$)',
    whole: /^Tasks in \/\S* are going to be killed due to memory\.oom\.group set$/,
  },
  {
    start: 'Memory cgroup stats for(?: /| \\(|$)',
    whole: /^Memory cgroup stats for \S+:(?: [a-z_]+:\d+KB)*$/,
  },
  {
    start: 'memory: usage(?: \\d| ?$)',
    whole: /^memory: usage \d+kB, limit \d+kB, failcnt \d+$/,
  },
  {
    start: '(?:memory\\+swap|swap|kmem): usage(?: \\d| ?$)',
    whole: /^(?:memory\+swap|swap|kmem): usage \d+kB, limit \d+kB, failcnt \d+$/,
  },
  {
    start: '\\[ *pid *\\](?: +uid| *$)',
    whole: new RegExp(`^\\[ *pid *\\] +uid +tgid +total_vm +rss(?: +(?:${columns}))* +name$`),
  },
  { start: row, whole: new RegExp(`^${row} [\\s\\S]{0,60}$`) },
  {
    start: 'CPU: \\d+ (?:UID: \\d+ )?PID: \\d',
    whole: /^CPU: \d+ (?:UID: \d+ )?PID: \d+ Comm: [\s\S]* (?:Not tainted|Tainted: [\s\S]+) \S+/,
  },
  { start: 'Pid: \\d+, comm: ', whole: /^Pid: \d+, comm: [\s\S]* \d+\.\d+\.\S+/ },
  { start: 'Tasks state \\(memory values', whole: /^Tasks state \(memory values in pages\):$/ },
  {
    start: 'oom_reaper: reaped process \\d',
    whole: new RegExp(
      `^oom_reaper: reaped process \\d+ \\(${name}\\), now anon-rss:${kb}, file-rss:${kb}(?:, shmem-rss:${kb})?$`,
    ),
  },
  { start: 'oom_kill_process: \\d', whole: /callbacks suppressed$/ },
  { start: 'Out of memory and no killable proc', whole: /esses\.\.\.$/ },
  { start: 'Kernel panic - not syncing: ', whole: /./ },
  { start: '(?:sysrq: |SysRq : )+Manual OOM', whole: / execution$/ },
  { start: 'Mem-Info:', whole: /./ },
  { start: 'Call Trace:', whole: /./ },
  { start: 'Hardware name: ', whole: /./ },
  {
    start: "(?:[IWE]/)?(?:lowmemorykiller|lmkd) *(?:\\( *\\d+\\))?: (?:Kill(?:ing)?|Reclaim) '",
    whole: /adj \d+,?$|kB[^']*$/,
  },
];

/** Lines that are never longer than a terminal, or that nothing is read from: they are not put together. */
const neverBroken = /^(?:Mem-Info:|Call Trace:|Hardware name: |Kernel panic )/;

export function isNeverBroken(text: string): boolean {
  return neverBroken.test(text);
}

const anywhere = new RegExp(families.map(({ start }) => start).join('|'), 'g');
const atStart = new RegExp(`^(?:${families.map(({ start }) => `(${start})`).join('|')})`);

/** Where the kernel's words begin; -1: nowhere. What stands before them ends as a prefix ends, not within a word. */
export function wordsAt(text: string, from = 0): number {
  anywhere.lastIndex = from;
  for (let match = anywhere.exec(text); match !== null; match = anywhere.exec(text)) {
    if (match.index === 0 || !wordByte.test(text[match.index - 1]!)) return match.index;
    anywhere.lastIndex = match.index + 1;
  }
  return -1;
}

const wordByte = /[A-Za-z0-9_/.]/;

export const invoked = ' invoked oom-killer:';
/** How a line goes on that was broken within these words. */
export const brokenInvoked = 'oom-killer: gfp_mask=';
const wholeInvoke =
  /^[\s\S]{0,60}? invoked oom-killer: gfp_mask=(?:0x)?[0-9a-f]+(?:\([^)]*\))?(?:, nodemask=(?:\(null\)|[0-9,-]*))?, {1,2}order=-?\d+, oom_score_adj=-?\d+$/;

/** Whether the text, whose words begin with its first byte, is a line from first to last. */
export function isWhole(text: string): boolean {
  const match = atStart.exec(text);
  if (match === null) return wholeInvoke.test(text);
  const family = match.findIndex((group, index) => index > 0 && group !== undefined) - 1;
  return families[family]!.whole.test(text);
}

/** Whether the text begins with words of the kernel that say which line it is. */
export function beginsWithWords(text: string): boolean {
  return atStart.test(text);
}
