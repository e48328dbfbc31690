import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { builtAddon, needs, writableKernelLog } from '../../../test/support/needs.ts';
import { type KmsgSource, openNative, openPortable, readLog } from '../src/index.js';
import { aloneOnTheLog, uniqueMarker, writeRecord } from './support/live.js';
import { collect, keepAll, type Row, untilCaughtUp } from './support/records.js';

/**
 * Overwrites the whole ring. An open for each record: the kernel takes 10 from one open file and drops the rest. By
 * bytes too: a ring of 128 KiB holds 4096 records only while they are short.
 */
function flood(pauseMs = 0): void {
  const script = `
    const { writeFileSync } = require('node:fs');
    const pause = new Int32Array(new SharedArrayBuffer(4));
    for (let i = 0; i < 5000; i++) {
      writeFileSync('/dev/kmsg', '<7>flood ' + 'x'.repeat(80) + '\\n');
      if (i % 100 === 99) Atomics.wait(pause, 0, 0, ${pauseMs});
    }
  `;
  execFileSync(process.execPath, ['-e', script]);
}

/** The sequence itself is the judge: what is neither a record nor counted as lost is missing. */
function expectExactLosses(rows: Row[]): number {
  let expected: bigint | undefined;
  let lost = 0;
  for (const row of rows) {
    if (row.kind === 'caughtUp') continue;
    if (expected !== undefined) expect(row.seq).toBe(expected);
    expected = row.seq + (row.kind === 'loss' ? BigInt(row.lost) : 1n);
    lost += row.lost;
  }
  return lost;
}

async function overrun(source: KmsgSource): Promise<void> {
  try {
    const before = await collect(source, untilCaughtUp);
    flood();
    flood();
    const marker = uniqueMarker();
    writeRecord(marker);
    const after = await collect(source, (row) => row.text === marker);
    expect(after.at(-1)?.text).toBe(marker);
    const lost = expectExactLosses([...before, ...after]);
    expect(lost).toBeGreaterThan(0);
    const stats = source.stats();
    expect(stats.overruns).toBeGreaterThan(0);
    expect(stats.lost).toBe(lost);
    expect(BigInt(stats.read + stats.lost)).toBe(stats.lastSeq! - stats.firstSeq! + 1n);
  } finally {
    source.close();
  }
}

aloneOnTheLog();

needs(writableKernelLog).describe('the real ring overruns a reader', () => {
  it('portable, while nobody asks it, then counts what is gone and goes on', async () => {
    await overrun(openPortable({ keep: keepAll }));
  });

  it('of records as objects, who then has each record or its loss', async () => {
    await using log = readLog({ source: 'portable' });
    const events = log.events();
    let expected: bigint | undefined;
    let lost = 0;
    const marker = uniqueMarker();
    for await (const event of events) {
      if (event.kind === 'watching') {
        flood();
        flood();
        writeRecord(marker);
        continue;
      }
      if (expected !== undefined) expect(event.seq).toBe(expected);
      if (event.kind === 'loss') lost += event.lost;
      expected = event.seq + (event.kind === 'loss' ? BigInt(event.lost) : 1n);
      if (event.kind === 'record' && event.record.text === marker) break;
    }
    expect(lost).toBeGreaterThan(0);
    expect(log.stats().lost).toBe(lost);
  });
});

needs(writableKernelLog, builtAddon).describe('the real ring overruns a full memory ring', () => {
  it('native, with 64 KiB and nobody reading, then counts what is gone and goes on', async () => {
    const source = openNative({ keep: keepAll, ringBytes: 64 * 1024 });
    await overrun(source);
    expect(source.stats().ringFull).toBeGreaterThan(0);
  });

  it('native, with room and JavaScript blocked all the while, loses nothing', async () => {
    const source = openNative({ keep: keepAll });
    try {
      const before = await collect(source, untilCaughtUp);
      // A busy machine lets the reader wait for its turn: the log must not be overrun in that time.
      flood(20);
      const marker = uniqueMarker();
      writeRecord(marker);
      const after = await collect(source, (row) => row.text === marker);
      expect(expectExactLosses([...before, ...after])).toBe(0);
      expect(after.length).toBeGreaterThan(5000);
    } finally {
      source.close();
    }
  });
});
