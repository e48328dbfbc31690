import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Handout } from './handout.ts';

/** Writes a raw kmsg capture with its truth for each scenario: `<folder>/<release>--<scenario>.kmsg`, `.truth.json`. */
export function writeCaptures(folder: string, handout: Handout): void {
  mkdirSync(folder, { recursive: true });
  for (const [scenario, records] of cutLog(handout)) {
    const file = join(folder, `${handout.release}--${scenario}`);
    writeFileSync(`${file}.kmsg`, records);
    const truth = handout.scenarios.get(scenario);
    if (truth === undefined) continue;
    const { kernelCount, truth: deaths } = truth;
    const { release, logComplete } = handout;
    const text = JSON.stringify(
      { release, scenario, complete: logComplete, kernelCount, deaths },
      null,
      2,
    );
    writeFileSync(`${file}.truth.json`, `${text}\n`);
  }
}

/** The log in pieces: `boot`, then from each scenario's own mark on. */
function cutLog({ log, scenarios }: Handout): Map<string, Buffer> {
  const pieces = new Map<string, Buffer>();
  let name = 'boot';
  let start = 0;
  for (const next of scenarios.keys()) {
    const mark = log.indexOf(`;scenario ${next} begins\n`);
    if (mark < 0) continue;
    const end = log.lastIndexOf('\n', mark) + 1;
    pieces.set(name, log.subarray(start, end));
    name = next;
    start = end;
  }
  return pieces.set(name, log.subarray(start));
}
