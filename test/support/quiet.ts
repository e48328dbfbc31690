import { readFileSync } from 'node:fs';
import type { TestContext } from 'vitest';
import { readKernelLog } from './kernel-log.ts';

/** What others may use of the machine, and write to its log in a minute, while it counts as quiet. */
const mostBusyPercent = 5;
const mostRecords = 20;

/**
 * Whether others leave the machine alone: a figure of an idle process, or of how fast one is, says something only then.
 * Begin before the measurement.
 */
export class Quiet {
  readonly #before = busy();
  readonly #seq = readKernelLog().at(-1)?.seq ?? 0;

  /** Ends a measurement that failed: as skipped where the machine was busy meanwhile. `ownMs`: what the test used of it. */
  orSkip(context: TestContext, ownMs: number): void {
    const after = busy();
    const wholeMs = after.wholeMs - this.#before.wholeMs;
    const percent = ((after.busyMs - this.#before.busyMs - ownMs) * 100) / wholeMs;
    const records = (readKernelLog().at(-1)?.seq ?? 0) - this.#seq;
    if (percent <= mostBusyPercent && records <= mostRecords) return;
    const reason = `needs a quiet machine: others used ${percent.toFixed(0)} % of it and wrote ${records} records`;
    if (process.env.OOMWATCHER_REQUIRE_ALL === '1') throw new Error(reason);
    context.skip(reason);
  }
}

/** Of all processors, since boot: /proc/stat, in ticks of 10 ms. */
function busy(): { busyMs: number; wholeMs: number } {
  const [, ...ticks] = (readFileSync('/proc/stat', 'utf8').split('\n', 1)[0] ?? '').split(/\s+/);
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] =
    ticks.map((count) => Number(count) * 10);
  const busyMs = user + nice + system + irq + softirq + steal;
  return { busyMs, wholeMs: busyMs + idle + iowait };
}
