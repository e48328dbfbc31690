import type { LineFamily } from './family.js';
import { type MemoryStat, parseOldStatistics } from './memory-stat-lines.js';
import { pageSizeByLimit } from './page-size.js';
import { isPath, isPathPiece, isWithin, splitAt } from './paths.js';

/** `Task in A killed as a result of limit of B` (3.10 to 4.20): the cgroup of the chosen process, and the limit's. */
export interface TaskInLine {
  type: 'task-in';
  /** Absent where the two paths cannot be distinguished. */
  paths: { victim: string; limit: string } | undefined;
}

/** `memory: usage 16384kB, limit 16384kB, failcnt 19`: the figures of the cgroup whose limit was hit. */
export interface MemoryLine {
  type: 'memory';
  usageKiB: number;
  /** Absent: unlimited. */
  limitKiB: number | undefined;
  /** How many kB a page has, where the figure for "unlimited" shows it. */
  pageSizeKiB: number | undefined;
}

/** `swap: usage 9kB, limit 9007199254740988kB, failcnt 0` (v2), and `kmem` (v1), the kernel's own memory. */
export interface CounterLine {
  type: 'counter';
  of: 'swap' | 'kmem';
  usageKiB: number;
  pageSizeKiB: number | undefined;
}

/** `memory+swap: usage 9kB, limit 9007199254740988kB, failcnt 0` (v1). */
export interface MemswLine {
  type: 'memsw';
  pageSizeKiB: number | undefined;
}

/** `Memory cgroup stats for PATH:`: names the limit's cgroup (first of them up to 5.2, the only one since). */
export interface StatsLine {
  type: 'stats';
  /** Absent where it could not be read. */
  path: string | undefined;
  /** This cgroup's alone (up to 5.2). Empty: they follow, for the subtree. undefined: the line was cut. */
  figures: MemoryStat | undefined;
}

/** `Tasks in PATH are going to be killed due to memory.oom.group set`: more kills of one incident follow. */
export interface GroupLine {
  type: 'group';
  path: string | undefined;
}

const killedFor = ' killed as a result of limit of ';
const groupEnd = ' are going to be killed due to memory.oom.group set';
const memory = /^memory: usage (\d{1,16})kB, limit (\d{1,16})kB, failcnt \d+ *$/;
const oldStats = /^: cache:\d+KB(?: [a-z_]+:\d+KB)*(?: [a-z_]+(?::\d*K?)?)?$/;

const counter = /^(swap|kmem): usage (\d{1,16})kB, limit (\d{1,16})kB, failcnt \d+ *$/;
const memsw = /^memory\+swap: usage \d{1,16}kB, limit (\d{1,16})kB, failcnt \d+ *$/;

/** PAGE_COUNTER_MAX in kB is some less for greater pages; up to 3.18 a counter of bytes had a little more: no limit. */
const unlimitedKiB = 9_007_199_254_740_000;

export const taskInFamily: LineFamily<TaskInLine> = {
  type: 'task-in',
  parse: parseTaskInLine,
  begins: ['Task in '],
  rank: 'headline',
  found: [{ bytes: ' killed as a result of limit of ', opens: 20_000 }],
  forgeable: true,
  pieces: {
    isWhole: (text) => /^Task in \/[\s\S]* limit of \/[\s\S]/.test(text),
    continues(text, next) {
      if (text === 'Task in ' || text.endsWith(' as a result of limit of '))
        return isPathPiece(next);
      return next.startsWith(text.endsWith(' killed') ? ' as a result of limit of ' : ' killed');
    },
    isRest: isRestOfLimit,
    begins: ['/', ' killed as a result of limit of ', ' as a result of limit of '],
  },
  sample: 'Task in /a/b killed as a result of limit of /a',
};

export const memoryFamily: LineFamily<MemoryLine> = {
  type: 'memory',
  parse: parseMemoryLine,
  begins: ['memory: usage '],
  rank: 'detail',
  forgeable: false,
  sample: 'memory: usage 16384kB, limit 16384kB, failcnt 19',
};

export const counterFamily: LineFamily<CounterLine> = {
  type: 'counter',
  parse: parseCounterLine,
  begins: ['swap: usage ', 'kmem: usage '],
  rank: 'detail',
  forgeable: false,
  sample: 'kmem: usage 700kB, limit 9007199254740988kB, failcnt 0',
};

/** Asked for its page size only, which the node that reads its live log knows. */
export const memswFamily: LineFamily<MemswLine> = {
  type: 'memsw',
  parse: parseMemswLine,
  begins: ['memory+swap: usage '],
  rank: 'captured',
  forgeable: false,
  sample: 'memory+swap: usage 24576kB, limit 9007199254740988kB, failcnt 0',
};

export const statsFamily: LineFamily<StatsLine> = {
  type: 'stats',
  parse: parseStatsLine,
  begins: ['Memory cgroup stats for '],
  rank: 'detail',
  forgeable: false,
  pieces: {
    isWhole: (text) => text.includes(':'),
    continues(text, next, strictly) {
      if (text === 'Memory cgroup stats for ') return isPathPiece(next);
      return next.startsWith(':') || (!strictly && /^ [a-z_]+:\d+KB/.test(next));
    },
    begins: ['/'],
  },
  sample: 'Memory cgroup stats for /a:',
};

export const groupFamily: LineFamily<GroupLine> = {
  type: 'group',
  parse: parseGroupLine,
  begins: ['Tasks in '],
  rank: 'headline',
  found: [{ bytes: 'memory.oom.group set', opens: 8 }],
  forgeable: true,
  pieces: {
    isWhole: (text) => text.endsWith(' memory.oom.group set'),
    continues: (text, next) =>
      text === 'Tasks in ' ? isPathPiece(next) : next.startsWith(' are going to be killed'),
    begins: ['/', ' are going to be killed due to '],
  },
  sample: 'Tasks in /a are going to be killed due to memory.oom.group set',
};

export function parseTaskInLine(text: string): TaskInLine | undefined {
  if (!text.startsWith('Task in ') || !text.includes(killedFor)) return undefined;
  const rest = text.slice('Task in '.length);
  const splits = splitAt(rest, killedFor).filter(
    ([victim, limit]) => isPath(victim) && isPath(limit),
  );
  const nested = splits.filter(([victim, limit]) => isWithin(victim, limit));
  const [choice, another] = nested.length > 0 ? nested : splits;
  const certain = choice !== undefined && another === undefined;
  return { type: 'task-in', paths: certain ? { victim: choice[0], limit: choice[1] } : undefined };
}

/** A line that was wrapped between two names: what follows makes the limit's path a longer part of the victim's. */
function isRestOfLimit(text: string, next: string): boolean {
  const paths = parseTaskInLine(text)?.paths;
  if (paths === undefined || !next.startsWith('/')) return false;
  return isWithin(paths.victim, `${paths.limit}${next}`);
}

export function parseMemoryLine(text: string): MemoryLine | undefined {
  const match = memory.exec(text);
  if (match === null) return undefined;
  const limitKiB = Number(match[2]);
  const pageSizeKiB = pageSizeByLimit(limitKiB);
  const isUnlimited = pageSizeKiB !== undefined || limitKiB >= unlimitedKiB;
  return {
    type: 'memory',
    usageKiB: Number(match[1]),
    limitKiB: isUnlimited ? undefined : limitKiB,
    pageSizeKiB,
  };
}

function parseCounterLine(text: string): CounterLine | undefined {
  const match = counter.exec(text);
  if (match === null) return undefined;
  return {
    type: 'counter',
    of: match[1] as CounterLine['of'],
    usageKiB: Number(match[2]),
    pageSizeKiB: pageSizeByLimit(Number(match[3])),
  };
}

function parseMemswLine(text: string): MemswLine | undefined {
  const match = memsw.exec(text);
  if (match === null) return undefined;
  return { type: 'memsw', pageSizeKiB: pageSizeByLimit(Number(match[1])) };
}

export function parseStatsLine(text: string): StatsLine | undefined {
  const start = 'Memory cgroup stats for ';
  if (!text.startsWith(start)) return undefined;
  const rest = text.slice(start.length);
  const figures = rest.lastIndexOf(': cache:');
  const isOld = figures >= 0 && oldStats.test(rest.slice(figures));
  const path = rest.slice(0, isOld ? figures : -1);
  return {
    type: 'stats',
    path: (isOld || rest.endsWith(':')) && isPath(path) ? path : undefined,
    figures: isOld ? parseOldStatistics(rest.slice(figures)) : rest.endsWith(':') ? {} : undefined,
  };
}

export function parseGroupLine(text: string): GroupLine | undefined {
  if (!text.startsWith('Tasks in ') || !text.endsWith(groupEnd)) return undefined;
  const path = text.slice('Tasks in '.length, -groupEnd.length);
  // The root cgroup has no memory.oom.group (mem_cgroup_get_oom_group, mm/memcontrol.c): what looks like it is half a name.
  return { type: 'group', path: isPath(path) && path !== '/' ? path : undefined };
}
