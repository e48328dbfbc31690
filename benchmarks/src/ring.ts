/**
 * How fast the log is read and understood: the native and the portable source, each with the OOM machine behind it,
 * against a bare C loop on the same ring, in turns. Prints ratios; 1.00 is the bare loop.
 */

import { fillRing } from './fill-ring.ts';
import { Floor } from './floor.ts';
import { machineLine } from './machine-line.ts';
import { median, nsPerRecord, type Pass } from './pass.ts';
import { readerPass } from './reader-pass.ts';

const rounds = 31;

console.log(machineLine());
using floor = new Floor();
const contenders: Record<string, () => Promise<Pass>> = {
  'bare C loop': () => floor.pass(),
  'native + machine': () => readerPass('native'),
  'portable + machine': () => readerPass('portable'),
};
for (const content of ['unrelated records', 'OOM reports'] as const) {
  await fillRing(content);
  for (const contender of Object.values(contenders)) await contender();
  const times = new Map<string, number[]>();
  let records = 0;
  for (let round = 0; round < rounds; round++) {
    for (const [name, contender] of Object.entries(contenders)) {
      const pass = await contender();
      records = pass.records;
      times.set(name, [...(times.get(name) ?? []), nsPerRecord(pass)]);
    }
  }
  report(content, records, times);
}

function report(content: string, records: number, times: Map<string, number[]>): void {
  const floorNs = times.get('bare C loop') as number[];
  console.log(`\nring of ${records} records, ${content}: median of ${rounds} rounds in turns`);
  for (const [name, ns] of times) {
    const rate = median(ns.map((value, round) => (floorNs[round] as number) / value));
    console.log(
      `  ${name.padEnd(20)} ${median(ns).toFixed(0).padStart(6)} ns/record   ${rate.toFixed(2)} x the rate of the bare C loop`,
    );
  }
}
