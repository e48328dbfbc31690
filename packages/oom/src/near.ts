import type { OomLine } from './line.js';

const secondUs = 1_000_000;

/** Lines of one incident follow one another at once; a slow console may put milliseconds between them. */
const nearUs = 2 * secondUs;

/**
 * The least time that passed between two lines, by the printk clock, else by the dates that the lines bear. A date in
 * seconds may be up to a second off. undefined: there is no clock.
 */
export function elapsedUs(last: OomLine, line: OomLine): number | undefined {
  if (last.timestampUs !== undefined && line.timestampUs !== undefined) {
    return line.timestampUs - last.timestampUs;
  }
  if (last.dateUs === undefined || line.dateUs === undefined) return undefined;
  const stepUs = Math.max(last.dateStepUs ?? secondUs, line.dateStepUs ?? secondUs);
  const differenceUs = line.dateUs - last.dateUs;
  return Math.max(0, differenceUs - (stepUs > 1 ? stepUs : 0));
}

/** How fine the clock of two lines is. */
export function clockOf(last: OomLine, line: OomLine): 'fine' | 'coarse' | 'none' {
  if (last.timestampUs !== undefined && line.timestampUs !== undefined) return 'fine';
  if (last.dateUs === undefined || line.dateUs === undefined) return 'none';
  const stepUs = Math.max(last.dateStepUs ?? secondUs, line.dateStepUs ?? secondUs);
  return stepUs <= 1000 ? 'fine' : 'coarse';
}

/** Whether both lines bear the same date: all that a coarse clock can say for two of them. */
export function hasSameDate(last: OomLine, line: OomLine): boolean {
  return last.dateUs !== undefined && last.dateUs === line.dateUs;
}

/** Whether `line` can be the continuation of what `last` was part of: same printing context, close in time. */
export function isNear(last: OomLine, line: OomLine, maxUs = nearUs): boolean {
  return last.caller === line.caller && isCloseInTime(last, line, maxUs);
}

/** A log without a clock says nothing against it. */
export function isCloseInTime(last: OomLine, line: OomLine, maxUs = nearUs): boolean {
  const passedUs = elapsedUs(last, line);
  return passedUs === undefined || passedUs <= maxUs;
}

/**
 * Between two records of one report the kernel may stand still: a serial console of 9600 baud takes seconds for a long
 * line, a CPU limit lets the process go on a period later. A report is always followed by its kill, so that a long pause
 * says nothing where no record is lost.
 */
const maxPauseUs = 30 * secondUs;

/** What a record that was not handed over may have taken on a slow console. */
const maxPerRecordUs = secondUs / 2;
const maxUnseenUs = 120 * secondUs;

/** Finds the pauses of a log that no report lasts over, measured from the kernel's record before. */
export class Pauses {
  readonly #hasSequence: boolean;
  #previous: OomLine | undefined;
  /** The last two: a line that came in pieces is known to be whole only when a later one has come. */
  #breaks: bigint[] = [];

  /** @param hasSequence whether lines are numbered one by one, so that the numbers show how many were not handed over */
  constructor(hasSequence: boolean) {
    this.#hasSequence = hasSequence;
  }

  /** The kernel's next line, whatever it says. */
  next(line: OomLine): void {
    const previous = this.#previous;
    this.#previous = line;
    if (previous === undefined || isCloseInTime(previous, line, maxPauseUs)) return;
    const unseen = this.#hasSequence ? Number(line.seq - previous.seq) - 1 : 0;
    const maxUs = maxPauseUs + Math.min(Math.max(0, unseen) * maxPerRecordUs, maxUnseenUs);
    if (!isCloseInTime(previous, line, maxUs)) this.#breaks = [...this.#breaks.slice(-1), line.seq];
  }

  /** Whether `line` can go on with what `last` was part of. */
  follows(last: OomLine, line: OomLine): boolean {
    if (last.caller !== line.caller) return false;
    if (this.#breaks.length === 0) return true;
    return !this.#breaks.some((seq) => last.seq < seq && seq <= line.seq);
  }
}
