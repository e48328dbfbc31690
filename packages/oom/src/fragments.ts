import { constraintEnd, constraintStart } from './grammar/constraint-line.js';
import { parseOomText } from './grammar/index.js';
import type { KernelLine } from './kernel-line.js';

/**
 * A line of the OOM killer that is printed in pieces can come as several records: the rest of the line starts a new
 * record when something else was printed in between, or when the line outgrew a record (kernel/printk/printk.c,
 * vprintk_store). Cuts fall on piece boundaries. This puts such lines together again.
 *
 * A line may look complete where it is not: a cgroup named `x,pid=1,uid=0` ends a piece as the line would end. So a line
 * of these families is held until a record comes that does not continue it.
 */
export class FragmentJoiner<Line extends KernelLine> {
  readonly #reach: bigint;
  #held: Held<Line> | undefined;

  /** @param hasSequence whether lines are numbered one by one; else their `seq` is an offset in bytes */
  constructor(hasSequence = true) {
    this.#reach = hasSequence ? mostRecordsBetween : mostBytesBetween;
  }

  /** Takes the next kernel line; gives the lines that are whole now, in order. */
  push(line: Line): Joined<Line>[] {
    const expired =
      this.#held !== undefined && isOutOfReach(this.#held, line, this.#reach) ? this.flush() : [];
    if (this.#held !== undefined && append(this.#held, line)) return expired;

    const family = splitHeader(line) ?? families.find(({ start }) => line.text.startsWith(start));
    if (family !== undefined) {
      const before = this.flush();
      this.#held = hold(line, family);
      return [...expired, ...before];
    }
    // A fragment that continues nothing held belongs to a line that nobody wants, or whose head is lost.
    if (isFragment(line)) return expired;
    // Anybody may print between the pieces; only the OOM killer's next line tells that no piece will follow.
    const before =
      this.#held !== undefined && parseOomText(line.text) === undefined ? [] : this.flush();
    return [...expired, ...before, { line, text: line.text, broken: false }];
  }

  /** The log is quiet: gives out the held line if it can be whole. */
  settle(): Joined<Line>[] {
    return this.#held?.family.isWhole(this.#held.text) ? this.flush() : [];
  }

  /** Gives out the held line as it is: nothing will continue it. */
  flush(): Joined<Line>[] {
    const held = this.#held;
    this.#held = undefined;
    return finished(held);
  }
}

/** A line with its full text. `broken`: a piece of it is missing, so its paths say nothing. */
export interface Joined<Line extends KernelLine> {
  line: Line;
  text: string;
  broken: boolean;
}

interface Held<Line extends KernelLine> {
  /** The head's record. */
  line: Line;
  text: string;
  family: Family;
  broken: boolean;
  lastSeq: bigint;
}

/** A kind of line that is printed in pieces. */
interface Family {
  start: string;
  /** Whether the text could be a whole line. */
  isWhole(text: string): boolean;
  /** Whether `next` can follow `text`: `strictly` when nothing but the words tells that it is a continuation. */
  continues(text: string, next: string, strictly: boolean): boolean;
}

/** Beyond these no record continues a line: they bound how long a head without an end is held. */
const mostRecordsBetween = 64n;
const mostBytesBetween = 64n * 1024n;
const mostTimeBetweenUs = 2_000_000;
const mostTextLength = 16 * 1024;

const constraintPieces = [
  ',cpuset=',
  ',mems_allowed=',
  ',oom_memcg=',
  ',global_oom',
  ',task_memcg=',
  ',task=',
];

const families: Family[] = [
  {
    start: constraintStart,
    isWhole: (text) => constraintEnd.test(text),
    continues(text, next, strictly) {
      if (expectsPath(text)) return isPathPiece(next);
      if (text.endsWith(',cpuset=') && !strictly) return true;
      return constraintPieces.some((piece) => next.startsWith(piece));
    },
  },
  {
    start: 'Task in ',
    isWhole: (text) => /^Task in \/[\s\S]* limit of \/[\s\S]/.test(text),
    continues(text, next) {
      if (text === 'Task in ' || text.endsWith(' as a result of limit of '))
        return isPathPiece(next);
      return next.startsWith(text.endsWith(' killed') ? ' as a result of limit of ' : ' killed');
    },
  },
  {
    start: 'Memory cgroup stats for ',
    isWhole: (text) => text.includes(':'),
    continues(text, next, strictly) {
      if (text === 'Memory cgroup stats for ') return isPathPiece(next);
      return next.startsWith(':') || (!strictly && /^ [a-z_]+:\d+KB/.test(next));
    },
  },
  {
    start: 'Tasks in ',
    isWhole: (text) => text.endsWith(' memory.oom.group set'),
    continues(text, next) {
      return text === 'Tasks in ' ? isPathPiece(next) : next.startsWith(' are going to be killed');
    },
  },
];

/** 4.11 to 4.14 print the header in three pieces, and a node list between the first and the last. */
const headerFamily: Family = {
  start: '',
  isWhole: (text) => /, oom_score_adj=-?\d+$/.test(text),
  continues: (text, next) =>
    text.endsWith(', nodemask=')
      ? /^(?:\(null\)|[0-9,-]+)/.test(next)
      : next.startsWith(',  order='),
};

function hold<Line extends KernelLine>(line: Line, family: Family): Held<Line> {
  return { line, text: line.text, family, broken: false, lastSeq: line.seq };
}

/** Whoever asked for memory may be called like the beginning of another line. */
const headerStart = /^[\s\S]{0,15} invoked oom-killer: gfp_mask=/;

function splitHeader(line: KernelLine): Family | undefined {
  return headerStart.test(line.text) && !headerFamily.isWhole(line.text) ? headerFamily : undefined;
}

function isFragment({ flag }: KernelLine): boolean {
  return flag === 'c' || flag === '+';
}

function append<Line extends KernelLine>(held: Held<Line>, line: Line): boolean {
  if (line.caller !== held.line.caller) return false;
  const fragment = isFragment(line);
  if (fragment && line.text === '') return true;
  // Without the flag only a line that cannot be whole yet is continued: 4.8 and earlier, and netconsole.
  if (!fragment && held.family.isWhole(held.text)) return false;
  if (!held.family.continues(held.text, line.text, !fragment)) {
    return fragment && skipLostPath(held, line);
  }
  extend(held, line);
  return true;
}

/** The path that should come next is missing, but the line goes on: the rest is still worth having, its paths are not. */
function skipLostPath<Line extends KernelLine>(held: Held<Line>, line: Line): boolean {
  if (!expectsPath(held.text) || !constraintPieces.some((piece) => line.text.startsWith(piece)))
    return false;
  held.broken = true;
  extend(held, line);
  return true;
}

function extend<Line extends KernelLine>(held: Held<Line>, line: Line): void {
  if (held.text.length + line.text.length > mostTextLength) held.broken = true;
  else held.text += line.text;
  held.lastSeq = line.seq;
}

function isOutOfReach(held: Held<KernelLine>, line: KernelLine, reach: bigint): boolean {
  if (line.seq - held.lastSeq > reach) return true;
  const heldUs = held.line.timestampUs;
  if (heldUs === undefined || line.timestampUs === undefined) return false;
  return line.timestampUs - heldUs > mostTimeBetweenUs;
}

function finished<Line extends KernelLine>(held: Held<Line> | undefined): Joined<Line>[] {
  return held === undefined ? [] : [{ line: held.line, text: held.text, broken: held.broken }];
}

function expectsPath(text: string): boolean {
  return text.endsWith(',oom_memcg=') || text.endsWith(',task_memcg=');
}

function isPathPiece(next: string): boolean {
  return next.startsWith('/') || next.startsWith('(name too long)') || next.startsWith('(error)');
}
