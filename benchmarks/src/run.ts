/**
 * All measurements: `node run.ts [quick]`. The results as a table here and as JSON in results/; a full run also writes
 * docs/benchmarks.json, and from it docs/benchmarks.md with its chart. `quick` takes under a minute and changes nothing.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { page } from './page/page.ts';
import { rateChart } from './page/rate-chart.ts';
import { tables } from './page/tables.ts';
import type { Results } from './results.ts';
import { dayOf } from './suites/day.ts';
import { flood } from './suites/flood.ts';
import { idle } from './suites/idle.ts';
import { latency } from './suites/latency.ts';
import { ring } from './suites/ring.ts';
import { storm } from './suites/storm.ts';
import { syslog } from './suites/syslog.ts';
import { taskTable } from './suites/task-table.ts';
import { fullWitness, quickWitness, witness } from './suites/witness.ts';
import { machineLine } from './support/machine-line.ts';

const quick = process.argv[2] === 'quick';
const folder = join(import.meta.dirname, '..');
const docs = join(folder, '../docs');

const results: Results = {
  machine: machineLine(),
  measuredOn: new Date().toISOString().slice(0, 10),
  ring: await step('the live ring', () =>
    ring({
      rounds: quick ? 5 : 31,
      streamRounds: quick ? 1 : 5,
      contents: quick ? ['unrelated records'] : ['unrelated records', 'OOM reports'],
    }),
  ),
  syslog: await step('syslog', () =>
    syslog({ bytes: (quick ? 1 / 16 : 2) * 1024 ** 3, rounds: quick ? 1 : 3, compressed: true }),
  ),
  taskTable: await step('the task table of 5,000', () => taskTable(quick ? 20 : 100)),
  storm: await step('storms', () => storm(quick ? 40 : 200)),
  latency: await step('latency', () => latency(quick ? 20 : 200)),
  idle: await step('idle', () => idle(quick ? 5 : 60)),
  witness: await step('the witness', () => witness(quick ? quickWitness : fullWitness)),
  flood: await step('floods of the port', () => flood(quick ? 2 : 10)),
  day: await step('24 hours compressed', async () => dayOf(quick ? 20_000 : 1_000_000)),
};

mkdirSync(join(folder, 'results'), { recursive: true });
const json = `${JSON.stringify(results, null, 2)}\n`;
writeFileSync(join(folder, `results/${quick ? 'quick' : 'full'}.json`), json);
console.log(`\n${tables(results)}`);
if (!quick) {
  writeFileSync(join(docs, 'benchmarks.json'), json);
  writeFileSync(join(docs, 'benchmarks.svg'), rateChart(results.ring));
  writeFileSync(join(docs, 'benchmarks.md'), page(results));
}

async function step<T>(name: string, measure: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await measure();
  console.error(`${name}: ${((performance.now() - start) / 1000).toFixed(0)} s`);
  return result;
}
