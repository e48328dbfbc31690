import type { KernelLine } from './kernel-line.js';
import type { Pieces } from './lines/family.js';
import { families as allFamilies, endsLineBefore } from './lines/index.js';

/**
 * A line of the OOM killer that is printed in pieces can come as several records: the rest of the line starts a new
 * record when something else was printed in between, or when the line outgrew a record (kernel/printk/printk.c,
 * vprintk_store). Cuts fall on piece boundaries. This puts such lines together again.
 *
 * A line may look complete where it is not: a cgroup named `x,pid=1,uid=0` ends a piece as the line would end. So a line
 * of these families is held until a record comes that does not continue it.
 */
export class FragmentJoiner<Line extends KernelLine> {
  readonly #maxBytesBetween: bigint | undefined;
  #held: Held<Line> | undefined;

  /** @param hasSequence whether lines are numbered one by one; else their `seq` is an offset in bytes */
  constructor(hasSequence = true) {
    this.#maxBytesBetween = hasSequence ? undefined : maxBytesBetween;
  }

  /** Takes the next kernel line; gives the lines that are whole now, in order. */
  push(line: Line): Joined<Line>[] {
    const expired =
      this.#held !== undefined && isOutOfReach(this.#held, line, this.#maxBytesBetween)
        ? this.flush()
        : [];
    if (this.#held !== undefined && append(this.#held, line)) return expired;

    const pieces = headOf(line.text);
    if (pieces !== undefined) {
      const before = this.flush();
      this.#held = { line, text: line.text, pieces, broken: false, last: line, between: 0 };
      return [...expired, ...before];
    }
    // A fragment that continues nothing held belongs to a line that nobody wants, or whose head is lost.
    if (isFragment(line)) return expired;
    // Anybody may print between the pieces; only the OOM killer's next line shows that no piece will follow.
    const before = this.#held !== undefined && !endsLineBefore(line.text) ? [] : this.flush();
    return [...expired, ...before, { line, text: line.text, broken: false }];
  }

  /** The log is quiet: gives out the held line if it can be whole. */
  settle(): Joined<Line>[] {
    return this.#held?.pieces.isWhole(this.#held.text) ? this.flush() : [];
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
  pieces: Pieces;
  broken: boolean;
  /** The record of the last piece, and how many of the kernel's came since. */
  last: Line;
  between: number;
}

/**
 * Beyond these no record continues a line: they bound how long a head without an end is held. What user space writes in
 * between does not count, for anybody may write hundreds of records while the kernel prints one line.
 */
const maxRecordsBetween = 64;
const maxBytesBetween = 64n * 1024n;
const maxTimeBetweenUs = 2_000_000;
const maxTextLength = 16 * 1024;

const families = allFamilies.flatMap(({ begins, pieces }) =>
  pieces === undefined ? [] : [{ begins, pieces }],
);

/** The family that the line may be the first piece of. */
function headOf(text: string): Pieces | undefined {
  return families.find(
    ({ begins, pieces }) =>
      pieces.isHead?.(text) ?? begins?.some((words) => text.startsWith(words)),
  )?.pieces;
}

function isFragment({ flag }: KernelLine): boolean {
  return flag === 'c' || flag === '+';
}

function append<Line extends KernelLine>(held: Held<Line>, line: Line): boolean {
  if (line.caller !== held.line.caller) return false;
  const fragment = isFragment(line);
  if (fragment && line.text === '') return true;
  // Without the flag only a line that cannot be whole yet is continued: 4.8 and earlier, and netconsole.
  if (!fragment && held.pieces.isWhole(held.text)) {
    if (!held.pieces.isRest?.(held.text, line.text)) return false;
    extend(held, line);
    return true;
  }
  if (!held.pieces.continues(held.text, line.text, !fragment)) {
    return fragment && skipLostPath(held, line);
  }
  extend(held, line);
  return true;
}

/** The path that should come next is missing, but the line goes on: the rest is still worth having, its paths are not. */
function skipLostPath<Line extends KernelLine>(held: Held<Line>, line: Line): boolean {
  if (!held.pieces.expectsPath?.(held.text)) return false;
  if (!held.pieces.continues(`${held.text}/`, line.text, true)) return false;
  held.broken = true;
  extend(held, line);
  return true;
}

function extend<Line extends KernelLine>(held: Held<Line>, line: Line): void {
  if (held.text.length + line.text.length > maxTextLength) held.broken = true;
  else held.text += line.text;
  held.last = line;
  held.between = 0;
}

/** Also counts the line. */
function isOutOfReach(
  held: Held<KernelLine>,
  line: KernelLine,
  maxBytes: bigint | undefined,
): boolean {
  if (held.between++ >= maxRecordsBetween) return true;
  if (maxBytes !== undefined && line.seq - held.last.seq > maxBytes) return true;
  const lastUs = held.last.timestampUs;
  if (lastUs === undefined || line.timestampUs === undefined) return false;
  return line.timestampUs - lastUs > maxTimeBetweenUs;
}

function finished<Line extends KernelLine>(held: Held<Line> | undefined): Joined<Line>[] {
  return held === undefined ? [] : [{ line: held.line, text: held.text, broken: held.broken }];
}
