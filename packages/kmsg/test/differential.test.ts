import { expect, it } from 'vitest';
import { builtAddon, needs, writableKernelLog } from '../../../test/support/needs.ts';
import {
  type BatchMemory,
  type KmsgSource,
  openNative,
  openPortable,
  RowKind,
} from '../src/index.js';
import { aloneOnTheLog, uniqueMarker, writeRecord } from './support/live.js';
import { keepAll } from './support/records.js';

/** Everything of a record row that does not depend on when it was read or on where the arena holds it. */
function columns(memory: BatchMemory, row: number) {
  const offset = memory.recordOffset[row]!;
  const length = memory.recordLength[row]!;
  return {
    record: Buffer.from(memory.arena.subarray(offset, offset + length)).toString('latin1'),
    kind: memory.kind[row],
    priority: memory.priority[row],
    flag: memory.flag[row],
    seq: memory.seq[row],
    timestampUs: memory.timestampUs[row],
    lost: memory.lost[row],
    recordLength: length,
    text: memory.textOffset[row]! - offset,
    textLength: memory.textLength[row],
    snapshot: memory.snapshotOffset[row]! - offset,
    snapshotLength: memory.snapshotLength[row],
  };
}

async function recordsOf(source: KmsgSource) {
  const records = new Map<bigint, ReturnType<typeof columns>>();
  for (let caughtUp = false; !caughtUp; ) {
    const { memory, length } = (await source.next())!;
    for (let row = 0; row < length; row++) {
      caughtUp ||= memory.kind[row] === RowKind.caughtUp;
      if (memory.kind[row] === RowKind.record) records.set(memory.seq[row]!, columns(memory, row));
    }
  }
  source.close();
  return records;
}

aloneOnTheLog();

needs(writableKernelLog, builtAddon).describe('native against its specification', () => {
  it('both sources give the same bytes and columns of the same live ring', async () => {
    const marker = uniqueMarker();
    for (const text of ['\x01\x7f\\;é', '', 'z'.repeat(980), 'x;y,z']) writeRecord(marker + text);
    const native = await recordsOf(openNative({ keep: keepAll }));
    const portable = await recordsOf(openPortable({ keep: keepAll }));
    const common = [...native.keys()].filter((seq) => portable.has(seq));
    expect(common.length).toBeGreaterThan(3);
    for (const seq of common) expect(portable.get(seq)).toEqual(native.get(seq));
    // What only one of them has lies at the ends: written or overwritten between the two readings.
    const first = common[0]!;
    const last = common.at(-1)!;
    for (const records of [native, portable]) {
      expect([...records.keys()].filter((seq) => seq >= first && seq <= last)).toEqual(common);
    }
  });
});
