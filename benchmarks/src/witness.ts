/**
 * The witness in the kernel alone: `node src/witness.ts [quick]`, in two minutes. A full run writes its figures into
 * docs/benchmarks.json and docs/benchmarks.md, beside those of the last `npm run bench`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { page } from './page/page.ts';
import { witnessTable } from './page/witness-table.ts';
import type { Results } from './results.ts';
import { fullWitness, quickWitness, witness } from './suites/witness.ts';

const quick = process.argv[2] === 'quick';
const result = await witness(quick ? quickWitness : fullWitness);
console.log(witnessTable(result));
if (!quick) {
  const docs = join(import.meta.dirname, '../../docs');
  const file = join(docs, 'benchmarks.json');
  const results: Results = { ...JSON.parse(readFileSync(file, 'utf8')), witness: result };
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(join(docs, 'benchmarks.md'), page(results));
}
