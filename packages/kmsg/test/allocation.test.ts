import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { BatchWriter } from '../src/batch-writer.js';
import { allocateBatch } from '../src/index.js';
import { noFolders } from '../src/snapshot.js';
import { bytes } from './support/records.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const rounds = 9;
const recordsPerRound = 50_000;

it('a record that nobody wants leaves nothing on the heap', () => {
  const memory = allocateBatch();
  const keep = {
    rules: ['Killed process ', 'oom-kill:'].map((marker) => ({
      bytes: marker,
      at: 'anywhere' as const,
      facility: 'kernel' as const,
    })),
    fragments: true,
  };
  const clocks = { monotonicUs: () => 0, realtimeUs: () => 0 };
  const writer = new BatchWriter(memory, { keep }, clocks, noFolders);
  const record = bytes('6,123456789,987654321012,-;oom: nothing of interest, killed nothing\n');
  const perRecord: number[] = [];
  for (let round = 0; round < rounds; round++) {
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < recordsPerRound; i++) {
      memory.arena.set(record, writer.position);
      writer.record(record.length, false);
    }
    perRecord.push((process.memoryUsage().heapUsed - before) / recordsPerRound);
  }
  expect(writer.stats()).toMatchObject({ read: rounds * recordsPerRound, kept: 0 });
  // The compiler itself allocates in some rounds, on a busy machine in most. The smallest object has 16 bytes, and one for
  // each record would be there in all of them.
  expect(Math.min(...perRecord)).toBeLessThan(8);
});
