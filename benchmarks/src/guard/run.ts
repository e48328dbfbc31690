/**
 * The guard of the hot path: measures, prints each figure beside its limit, and fails when one is broken.
 *
 *     node run.ts                    everything, of this tree
 *     node run.ts --native DIR       DIR: another native/, instructions only
 *     node run.ts --packages DIR     DIR: another packages/, the parser's instructions only
 *
 * Counts do not depend on how busy the machine is and are taken once. Ratios are of processor time in one run, in turns;
 * one that breaks its limit is measured again, for chance does not strike three times.
 */
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compilerName } from '../support/build-native.ts';
import { machineLine } from '../support/machine-line.ts';
import { counts, instructions } from './counts.ts';
import { contents, HotPath } from './hot-path.ts';
import { judge, type Limits, type Measurement, type Verdict } from './measurement.ts';
import { interpreterName, parserInstructions } from './parser.ts';
import { againstBase } from './ratios.ts';
import { againstRivals } from './rivals.ts';

const attempts = 3;
const folder = join(import.meta.dirname, '../..');

const { values } = parseArgs({
  options: { native: { type: 'string' }, packages: { type: 'string' } },
});
const limits: Limits = JSON.parse(readFileSync(join(folder, 'limits.json'), 'utf8'));
const compilers = [compilerName(), interpreterName()];
const verdicts: Verdict[] = [];
const measurements: Measurement[] = [];

console.log([machineLine(), ...compilers].join(', '));
if (values.native !== undefined) {
  using hotPath = new HotPath(values.native);
  report(contents.map((content) => instructions(hotPath, content)));
} else if (values.packages !== undefined) {
  report([await parserInstructions(values.packages)]);
} else {
  using hotPath = new HotPath();
  report(await counts(hotPath));
  await reportRatios(againstRivals);
  await reportRatios(againstBase);
}

mkdirSync(join(folder, 'results'), { recursive: true });
writeFileSync(
  join(folder, 'results/guard.json'),
  `${JSON.stringify({ machine: machineLine(), compilers, measurements }, null, 2)}\n`,
);
const summaryFile = process.env.GITHUB_STEP_SUMMARY;
if (summaryFile !== undefined) appendFileSync(summaryFile, summary());
const broken = verdicts.filter(({ outcome }) => outcome === 'broken');
for (const { name, text } of broken) console.error(`limit broken: ${name}: ${text}`);
if (broken.length > 0) process.exitCode = 1;

function report(figures: Measurement[]): void {
  for (const figure of figures) {
    const verdict = judge(figure, limits, compilers);
    measurements.push(figure);
    verdicts.push(verdict);
    console.log(`${verdict.outcome.padEnd(8)}${verdict.name}: ${verdict.text}`);
  }
}

async function reportRatios(measure: () => Promise<Measurement[]>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const figures = await measure();
    const isBroken = (figure: Measurement) => judge(figure, limits, compilers).outcome === 'broken';
    if (attempt === attempts || !figures.some(isBroken)) return report(figures);
    console.log(
      `measured again: ${figures
        .filter(isBroken)
        .map(({ name }) => name)
        .join(', ')}`,
    );
  }
}

function summary(): string {
  const rows = verdicts.map(({ name, outcome, text }) => `| ${name} | ${outcome} | ${text} |\n`);
  return `| ${machineLine()} | | |\n|---|---|---|\n${rows.join('')}`;
}
