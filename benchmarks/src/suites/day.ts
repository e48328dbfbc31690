/**
 * "24 hours compressed": a storm of replayed kills through the watcher, its resident memory sampled on the way. A process
 * of its own, started as the agent is: `node --max-semi-space-size=1 day.ts KILLS`; prints one JSON object.
 */
import { execFileSync } from 'node:child_process';
import { watch } from '@oomwatcher/watcher';
import { stormChunks } from '../replay/replay-storm.ts';
import { median } from '../support/statistics.ts';

export interface DayResult {
  kills: number;
  given: number;
  seconds: number;
  /** Resident memory, the median of each tenth; the maker of the storm is in it. */
  tenthsMiB: number[];
  /** The last tenth against the fifth: on a busy machine the heap has its size only after the third. */
  growth: number;
}

const samplesPerTenth = 20;

if (process.argv[1] === import.meta.filename) {
  console.log(JSON.stringify(await day(Number(process.argv[2] ?? 1_000_000))));
}

/** A process of its own for it. */
export function dayOf(kills: number): DayResult {
  const options = ['--max-semi-space-size=1', import.meta.filename, String(kills)];
  return JSON.parse(execFileSync(process.execPath, options, { encoding: 'utf8' }));
}

async function day(kills: number): Promise<DayResult> {
  const start = performance.now();
  const every = Math.ceil(kills / (10 * samplesPerTenth));
  const samples: number[] = [];
  let given = 0;
  for await (const _kill of watch({ capture: storm(kills) })) {
    if (++given % every === 0) samples.push(process.memoryUsage.rss() / 1024 ** 2);
  }
  const tenth = Math.floor(samples.length / 10);
  const tenthsMiB = Array.from({ length: 10 }, (_, i) =>
    median(samples.slice(i * tenth, (i + 1) * tenth)),
  );
  return {
    kills,
    given,
    seconds: (performance.now() - start) / 1000,
    tenthsMiB,
    growth: (tenthsMiB[9] as number) / (tenthsMiB[4] as number) - 1,
  };
}

/**
 * The storm is a gigabyte and is nowhere, not in a pipe either: each read(2) that Node does beside its thread leaves half
 * a kilobyte for the next full collection, and this would measure that.
 */
async function* storm(kills: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.allocUnsafeSlow(64 * 1024);
  for (const chunk of stormChunks({ kills, reportEvery: 20, tasks: 10, unrelated: 3 })) {
    const length = bytes.write(chunk, 'latin1');
    if (length < chunk.length) throw new RangeError(`a chunk of ${chunk.length} characters`);
    yield bytes.subarray(0, length);
  }
}
