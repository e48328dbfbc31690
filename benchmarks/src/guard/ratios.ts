import { join } from 'node:path';
import { hasValgrind } from '../support/cachegrind.ts';
import { medianInterval } from '../support/statistics.ts';
import { Worker } from '../support/worker.ts';
import { type BaseTree, baseTree, root } from './base-tree.ts';
import { type Content, contents, HotPath } from './hot-path.ts';
import type { Measurement } from './measurement.ts';

const rounds = 21;
const passes = 100;

/** This tree against the one it is to be merged into, both measured here and now, in turns; 1.1 = a tenth slower. */
export async function againstBase(): Promise<Measurement[]> {
  const base = baseTree();
  if ('skipped' in base) return names.map((name) => ({ name, skipped: base.skipped }));
  using _drop = base;
  return [...nativeAgainstBase(base), await replayAgainstBase(base)];
}

const instructionsName = 'this tree against its base: native instructions per record';
const timeName = (content: Content) => `this tree against its base: native time, ${content}`;
const replayName = 'this tree against its base: replay and machine time';
const names = [instructionsName, ...contents.map(timeName), replayName];

function nativeAgainstBase({ folder, commit }: BaseTree): Measurement[] {
  using head = new HotPath();
  let base: HotPath;
  try {
    base = new HotPath(join(folder, 'native'));
  } catch {
    const skipped = `the native core of ${commit} has another interface`;
    return names.filter((name) => name !== replayName).map((name) => ({ name, skipped }));
  }
  using _drop = base;
  const instructions: Measurement = hasValgrind()
    ? {
        name: instructionsName,
        value: Math.max(
          ...contents.map(
            (content) => head.instructionsPerRecord(content) / base.instructionsPerRecord(content),
          ),
        ),
        detail: `base ${commit}`,
      }
    : { name: instructionsName, skipped: 'valgrind is missing' };
  const times = contents.map((content): Measurement => {
    const ratios = Array.from(
      { length: rounds },
      () => head.run(content, passes).nanoseconds / base.run(content, passes).nanoseconds,
    );
    return interval(timeName(content), ratios, commit);
  });
  return [instructions, ...times];
}

async function replayAgainstBase({ folder, commit }: BaseTree): Promise<Measurement> {
  const script = join(import.meta.dirname, 'replay-worker.ts');
  using head = new Worker(process.execPath, [script, root]);
  using base = new Worker(process.execPath, [script, folder]);
  const warmUp = 5;
  const ratios: number[] = [];
  for (let round = 0; round < warmUp + rounds; round++) {
    const ratio = (await head.pass()).cpuNs / (await base.pass()).cpuNs;
    if (round >= warmUp) ratios.push(ratio);
  }
  return interval(replayName, ratios, commit);
}

/** The lower end of the interval: slower for certain, not by chance. */
function interval(name: string, ratios: number[], commit: string): Measurement {
  const { low, median, high } = medianInterval(ratios);
  const figures = [median, low, high].map((value) => value.toFixed(3));
  return {
    name,
    value: low,
    detail: `median ${figures[0]}, 95 % between ${figures[1]} and ${figures[2]}, base ${commit}`,
  };
}
