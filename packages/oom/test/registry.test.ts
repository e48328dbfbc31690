import { readFileSync } from 'node:fs';
import { captureHeadlines, type OomLine, OomMachine } from '@oomwatcher/oom';
import { describe, expect, it } from 'vitest';
import { families, parseOomText } from '../src/lines/index.js';
import { captureHeadlinesOf, keepFilterOf } from '../src/lines/keep-filter.js';
import { readCapture } from './support/capture.ts';
import { isKept, isKeptBy } from './support/filter.ts';
import { linesOf, user } from './support/run.ts';

/**
 * Lines as kernels printed them, a line for every form that is found by words of its own: the capture that holds it and
 * how it begins. `source`: no capture has one, the words are those of the kernel's source.
 */
const printed: [type: string, where: { capture: string } | { source: string }, words: string][] = [
  ['invoke', { capture: '6.18-memcg-v1-normal' }, 'normal-comm invoked oom-killer: gfp_mask='],
  ['invoke', { capture: '6.1.0-56--v1-g-comm' }, 'Killed process invoked oom-killer: gfp_mask='],
  ['stack', { capture: '6.18-memcg-v1-normal' }, 'CPU: 0 UID: 0 PID: 9172 Comm: normal-comm '],
  ['stack', { capture: '4.19.108--a-single' }, 'CPU: 1 PID: '],
  ['task-in', { capture: '4.19.108--v1-r-sacrifice' }, 'Task in /kubepods/burstable/pod'],
  ['memory', { capture: '6.18-memcg-v1-normal' }, 'memory: usage 16384kB, limit 16384kB, '],
  ['memsw', { capture: '6.18-memcg-v1-normal' }, 'memory+swap: usage '],
  ['counter', { capture: '6.18-memcg-v1-normal' }, 'kmem: usage '],
  ['counter', { capture: '6.1.0-56--a-single' }, 'swap: usage '],
  ['free-list', { capture: '6.12.107-ppc64el-64k--e-global-group' }, 'Node 0 Normal: '],
  ['node-memory', { capture: '6.1.0-56--v1-e-global-pod' }, 'Node 0 DMA32 free:'],
  ['node-memory', { capture: '6.1.0-56--v1-e-global-pod' }, 'Node 0 active_anon:'],
  ['node-memory', { capture: '6.1.0-56--v1-e-global-pod' }, 'Node 0 hugepages_total=0 '],
  ['node-memory', { capture: '6.1.0-56--v1-e-global-pod' }, 'active_anon:'],
  ['node-memory', { capture: '6.1.0-56--v1-e-global-pod' }, 'Free swap  = 0kB'],
  ['node-memory', { capture: '6.1.0-56--v1-e-global-pod' }, 'Total swap = 0kB'],
  ['stats', { capture: '6.18-memcg-v1-normal' }, 'Memory cgroup stats for /kspec1:'],
  ['stats', { capture: '4.19.108--v1-d-podlimit' }, 'Memory cgroup stats for /kubepods/'],
  ['memory-stat', { capture: '6.18-memcg-v1-normal' }, 'total_rss '],
  ['memory-stat', { capture: '6.18-memcg-v1-normal' }, 'total_cache '],
  ['memory-stat', { capture: '6.18-memcg-v1-normal' }, 'total_shmem '],
  ['memory-stat', { capture: '6.18-memcg-v1-normal' }, 'total_swap '],
  ['memory-stat', { capture: '6.12.107-s390x--a-single' }, 'anon '],
  ['memory-stat', { capture: '6.12.107-s390x--a-single' }, 'file '],
  ['memory-stat', { capture: '6.12.107-s390x--a-single' }, 'kernel '],
  ['memory-stat', { capture: '6.12.107-s390x--a-single' }, 'sock '],
  ['memory-stat', { capture: '6.12.107-s390x--a-single' }, 'shmem '],
  ['memory-stat', { capture: '6.12.107-s390x--a-single' }, 'slab '],
  ['memory-stat', { capture: '6.12.107-s390x--a-single' }, 'pagetables '],
  ['memory-stat', { capture: '6.1.0-56--a-single' }, 'anon '],
  [
    'table',
    { capture: '6.18-memcg-v1-normal' },
    '[  pid  ]   uid  tgid total_vm      rss rss_anon',
  ],
  ['constraint', { capture: '6.18-memcg-v1-normal' }, 'oom-kill:constraint=CONSTRAINT_MEMCG,'],
  [
    'announce',
    { capture: '4.19.108--v1-r-sacrifice' },
    'Memory cgroup out of memory: Kill process 99 (apache2) score ',
  ],
  [
    'announce',
    { capture: '4.19.108--v1-i-sysrq' },
    'Out of memory: Kill process 89 (chrome) score 1015 or sacrifice child',
  ],
  ['kill', { capture: '4.19.108--a-single' }, 'Killed process '],
  ['kill', { capture: '6.1.0-56--v1-i-sysrq' }, 'Out of memory: Killed process '],
  [
    'kill',
    { capture: '6.1.0-56--i-alloctask' },
    'Out of memory (oom_kill_allocating_task): Killed ',
  ],
  ['kill', { capture: '6.18-memcg-v1-normal' }, 'Memory cgroup out of memory: Killed process '],
  ['group', { capture: '6.1.0-56--e-global-group' }, 'Tasks in /kubepods.slice/'],
  ['suppressed', { capture: '6.18-memcg-v1-normal' }, 'oom_kill_process: 190 callbacks suppressed'],
  ['manual', { capture: '6.1.0-56--v1-i-sysrq' }, 'sysrq: Manual OOM execution'],
  // drivers/tty/sysrq.c up to 4.19
  ['manual', { source: '4.4' }, 'SysRq : Manual OOM execution'],
  [
    'panic',
    { capture: '6.1.0-56--i-panic1' },
    'Kernel panic - not syncing: Out of memory: system-wide panic_on_oom is enabled',
  ],
  // mm/oom_kill.c, out_of_memory
  ['panic', { source: '6.1' }, 'Kernel panic - not syncing: System is deadlocked on memory'],
  // mm/oom_kill.c, __oom_kill_process
  [
    'exiting',
    { source: '6.1' },
    'Memory cgroup out of memory: OOM victim 2 (app) is already exiting. Skip killing the task',
  ],
  [
    'exiting',
    { source: '6.1' },
    'Out of memory: OOM victim 2 (app) is already exiting. Skip killing the task',
  ],
  ['no-victim', { source: '6.1' }, 'Out of memory and no killable processes...'],
  ['reaper', { capture: '4.19.108--a-single' }, 'oom_reaper: reaped process '],
  // mm/oom_kill.c, oom_kill; OpenVZ 2.6.32-042stab, oom_kill_process
  ['kill', { source: '2.4' }, 'Out of Memory: Killed process 28803 (vmware).'],
  ['kill', { source: 'OpenVZ' }, 'OOM killed process 7 (httpd) vm:9000kB, rss:800kB, swap:70kB'],
  // drivers/staging/android/lowmemorykiller.c; internal/app/machined of Talos
  ['other-killer', { source: '4.4' }, 'lowmemorykiller: send sigkill to 9 (java), adj 0, size 1'],
  ['other-killer', { source: '3.0' }, 'send sigkill to 9 (java), adj 0, size 1'],
  [
    'other-killer',
    { source: 'Talos 1.12' },
    '[talos] Sending SIGKILL to cgroup {"component": "controller-runtime", "cgroup": "/sys/fs/cgroup/kubepods/besteffort/pod1"}',
  ],
  // mm/oom_kill.c, oom_kill_process
  ['sharer', { source: '3.10' }, 'Kill process 2 (other) sharing same memory'],
];

/** Pieces that are lines of their own where the kernel does not mark them (up to 4.8, and netconsole). */
const pieces = [
  ',cpuset=',
  ',  order=0, oom_score_adj=0',
  '/kspecF',
  ' killed as a result of limit of ',
  ' as a result of limit of ',
  ' are going to be killed due to memory.oom.group set',
];

function lineOf([, where, words]: (typeof printed)[number]): string {
  if ('source' in where) return words;
  const line = linesIn(where.capture).find(({ text }) => text.startsWith(words));
  if (line === undefined) throw new Error(`${where.capture} has no line that begins ${words}`);
  return line.text;
}

/** A console shows what a machine that panics did not hand to any reader. */
function linesIn(capture: string): readonly OomLine[] {
  if (!capture.includes('panic')) return readCapture(capture);
  const console = readFileSync(new URL(`fixtures/${capture}.console.txt`, import.meta.url), 'utf8');
  return linesOf(...console.split('\n').map((line) => line.replace(/^\[ *\d+\.\d+\] /, '')));
}

/** Whether the line is read of a captured log: it holds the words, or lies behind a line that opens a window. */
function isFound(lines: readonly OomLine[], text: string, headlines = captureHeadlines): boolean {
  let open = 0;
  for (const line of lines) {
    const words = headlines.filter(({ bytes }) => line.text.includes(bytes));
    if (line.text === text && (words.length > 0 || open > 0)) return true;
    if (words.some(({ closes }) => closes)) open = 0;
    open = Math.max(open - 1, ...words.map(({ opens }) => opens ?? 0));
  }
  return false;
}

function forgedBy(text: string): number {
  const machine = new OomMachine();
  for (const line of linesOf(user(text))) machine.push(line);
  return machine.stats.forged;
}

describe.each(printed)('%s, as %o prints it: %s', (...entry) => {
  const [type, where] = entry;
  const text = lineOf(entry);

  it('is understood as what it is', () => {
    expect(parseOomText(text)?.type).toBe(type);
  });

  it('reaches the machine from the live log and from a captured one', () => {
    const [line] = linesOf(text) as [OomLine];
    const { rank } = families.find((one) => one.type === type)!;
    expect(isKept(line) || rank === 'captured').toBe(true);
    const around = 'source' in where ? [line] : linesIn(where.capture);
    expect(isFound(around, text)).toBe(true);
  });

  it('counts as forged where it would be believed', () => {
    const family = families.find((one) => one.type === type)!;
    expect(forgedBy(text)).toBe(family.forgeable ? 1 : 0);
    const isKillOrItsPlace = /^(?:kill|task-in|constraint|announce|invoke|group|sharer|panic)$/;
    if (isKillOrItsPlace.test(type)) expect(family.forgeable).toBe(true);
    if (family.forgeable && family.rank === 'headline') {
      expect(isKept(linesOf(user(text))[0]!)).toBe(true);
    }
  });
});

describe('the table of lines', () => {
  it('has a printed line for every family, and no other', () => {
    expect(new Set(families.map(({ type }) => type))).toEqual(
      new Set(printed.map(([type]) => type)),
    );
  });

  it.each(families)('shows a sample of $type that is one', ({ type, sample, parse }) => {
    expect(parse(sample)?.type).toBe(type);
  });

  it.each(families)('loses the lines of $type without its entry', (family) => {
    const without = families.filter((one) => one !== family);
    const texts = printed.filter(([type]) => type === family.type).map(lineOf);
    expect(texts.some((text) => without.some(({ parse }) => parse(text) !== undefined))).toBe(
      false,
    );
  });

  const live = keepFilterOf(families);

  it.each(live.rules)('needs the words $bytes for the live log', (rule) => {
    const rules = live.rules.filter((one) => one !== rule);
    const texts = [...printed.map(lineOf), ...pieces];
    const missed = texts.filter((text) => !isKeptBy({ ...live, rules }, linesOf(text)[0]!));
    expect(missed).not.toEqual([]);
  });

  it('keeps each piece that is not marked as one', () => {
    expect(pieces.filter((text) => !isKept(linesOf(text)[0]!))).toEqual([]);
  });

  const searched = captureHeadlinesOf(families);
  const own = searched.filter(({ bytes }) =>
    families.some(({ found }) => found?.some((words) => words.bytes === bytes)),
  );

  it.each(own)('needs the words $bytes for a captured log', ({ bytes }) => {
    const rest = searched.filter((words) => words.bytes !== bytes);
    const missed = printed
      .map(lineOf)
      .filter((text) => text.includes(bytes) && !rest.some((words) => text.includes(words.bytes)));
    expect(missed).not.toEqual([]);
  });
});
