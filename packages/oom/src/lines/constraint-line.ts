import type { LineFamily } from './family.js';
import { unsigned32 } from './figures.js';
import { isPath, isPathPiece, isWithin, splitAt } from './paths.js';

/**
 * `oom-kill:constraint=C,nodemask=N[,cpuset=NAME,mems_allowed=M](,global_oom|,oom_memcg=B)[,task_memcg=A],task=COMM,pid=P,uid=U`
 * (5.0 and later): the only line with the paths. COMM and the names in NAME, A and B are arbitrary bytes, commas and
 * `,task=` among them, so a line can have several readings.
 */
export interface ConstraintLine {
  type: 'constraint';
  constraint: string;
  /** The chosen process: its thread group's leader from 5.3 on. */
  pid: number;
  uid: number;
  /** Every reading of the line that is consistent; none when a piece of it is missing. */
  readings: ConstraintReading[];
}

export interface ConstraintReading {
  comm: string;
  /** true: global OOM, no limit was involved. */
  global: boolean;
  limit: string | undefined;
  victim: string | undefined;
}

const begins = 'oom-kill:constraint=';
const end = /,pid=(\d{1,10}),uid=(-?\d{1,10}) *$/;

const left = /^oom-kill:constraint=(CONSTRAINT_[A-Z_]+),nodemask=/;

/** task->comm without its NUL (include/linux/sched.h, TASK_COMM_LEN 16). */
const maxCommBytes = 15;

const piecesBegin = [
  ',cpuset=',
  ',mems_allowed=',
  ',oom_memcg=',
  ',global_oom',
  ',task_memcg=',
  ',task=',
];

export const constraintFamily: LineFamily<ConstraintLine> = {
  type: 'constraint',
  parse: parseConstraintLine,
  begins: [begins],
  rank: 'headline',
  found: [{ bytes: begins, opens: 64 }],
  forgeable: true,
  pieces: {
    isWhole: (text) => end.test(text),
    continues(text, next, strictly) {
      if (expectsPath(text)) return isPathPiece(next);
      if (text.endsWith(',cpuset=') && !strictly) return true;
      return piecesBegin.some((piece) => next.startsWith(piece));
    },
    expectsPath,
    begins: [',', '/'],
  },
  sample:
    'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/kspecF,task_memcg=/kspecF,task=flood1,pid=11657,uid=0',
};

export function parseConstraintLine(text: string): ConstraintLine | undefined {
  const start = left.exec(text);
  const tail = end.exec(text);
  if (start === null || tail === null) return undefined;
  return {
    type: 'constraint',
    constraint: start[1] as string,
    pid: Number(tail[1]),
    uid: unsigned32(Number(tail[2])),
    readings: readings(text.slice(start[0].length, tail.index)),
  };
}

function expectsPath(text: string): boolean {
  return text.endsWith(',oom_memcg=') || text.endsWith(',task_memcg=');
}

/** From the right: COMM is bounded, so few `,task=` qualify; then A; then B or `,global_oom`. */
function readings(middle: string): ConstraintReading[] {
  const found: ConstraintReading[] = [];
  for (const [before, comm] of splitFromRight(middle, ',task=', maxCommBytes)) {
    if (before.endsWith(',global_oom'))
      found.push({ comm, global: true, limit: undefined, victim: undefined });
    for (const [beforeVictim, victim] of splitAt(before, ',task_memcg=')) {
      if (!isPath(victim)) continue;
      if (beforeVictim.endsWith(',global_oom')) {
        found.push({ comm, global: true, limit: undefined, victim });
      }
      for (const [, limit] of splitAt(beforeVictim, ',oom_memcg=')) {
        if (isPath(limit) && isWithin(victim, limit))
          found.push({ comm, global: false, limit, victim });
      }
    }
  }
  return found;
}

/** Both sides of every separator after which at most `most` characters follow. */
function splitFromRight(text: string, separator: string, max: number): [string, string][] {
  const splits: [string, string][] = [];
  const first = Math.max(0, text.length - max - separator.length);
  for (let at = text.indexOf(separator, first); at >= 0; at = text.indexOf(separator, at + 1)) {
    splits.push([text.slice(0, at), text.slice(at + separator.length)]);
  }
  return splits;
}
