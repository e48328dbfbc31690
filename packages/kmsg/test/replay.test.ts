import { writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocateBatch, type Capture, openReplay, type ReplayOptions } from '../src/index.js';
import { bytes, collect, keepAll, type Row, seqs } from './support/records.js';
import { temporaryFolder } from './support/temporary.js';

async function replay(capture: Capture, options: Partial<ReplayOptions> = {}) {
  const source = openReplay(capture, { keep: keepAll, ...options });
  return { rows: await collect(source), stats: source.stats() };
}

const recordsOf = (rows: Row[]) => rows.filter((row) => row.kind === 'record').map((r) => r.record);

async function* chunks(capture: string, sizes: Iterable<number>): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const size of sizes) {
    yield bytes(capture.slice(at, at + size));
    at += size;
  }
  yield bytes(capture.slice(at));
}

const records = [
  '6,100,5,-;plain\n',
  '7,101,6,-;acpi: x\n SUBSYSTEM=acpi\n DEVICE=+acpi:x\n',
  '4,102,7,c;\n',
  '6,103,8,-;a;b \\x0a SUBSYSTEM=no\n',
];
const capture = records.join('');

describe('a capture', () => {
  it('gives its records byte for byte, then caught up, then the end', async () => {
    const { rows, stats } = await replay(bytes(capture));
    expect(recordsOf(rows)).toEqual(records);
    expect(rows.at(-1)).toMatchObject({ kind: 'caughtUp', seq: 103n });
    expect(rows.filter((row) => row.kind !== 'record')).toHaveLength(1);
    expect(stats).toMatchObject({ read: 4, kept: 4, bytes: capture.length, malformed: 0, lost: 0 });
    expect(stats).toMatchObject({ firstSeq: 100n, lastSeq: 103n });
  });

  it('is the same however its chunks are cut, also inside a record', async () => {
    const whole = await replay(bytes(capture));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(12), { maxLength: 60 }), async (sizes) => {
        expect(await replay(chunks(capture, sizes))).toEqual(whole);
      }),
    );
  });

  it('is the same one byte at a time', async () => {
    const whole = await replay(bytes(capture));
    expect(await replay(chunks(capture, Array(capture.length).fill(1)))).toEqual(whole);
  });

  it('is the same with the smallest batch', async () => {
    const many = Array.from({ length: 500 }, (_, i) => `6,${i},1,-;${'m'.repeat(i)}\n`);
    const { rows } = await replay(bytes(many.join('')), { memory: allocateBatch(2, 8192) });
    expect(recordsOf(rows)).toEqual(many);
  });

  it('that is empty is caught up with and ends', async () => {
    const { rows, stats } = await replay(bytes(''));
    expect(rows.map(({ kind, seq }) => [kind, seq])).toEqual([['caughtUp', 0n]]);
    expect(stats).not.toHaveProperty('firstSeq');
  });

  it('is filtered like the log itself', async () => {
    const { rows, stats } = await replay(bytes(capture), {
      keep: { rules: [{ bytes: 'acpi', at: 'start', facility: 'kernel' }], fragments: true },
    });
    expect(seqs(rows)).toEqual([101n, 102n]);
    expect(stats).toMatchObject({ read: 4, kept: 2 });
  });

  it('has no moment of reading', async () => {
    const batch = await openReplay(bytes(capture), { keep: keepAll }).next();
    expect(batch!.memory.readMonotonicUs[0]).toBeNaN();
    expect(batch!.memory.readRealtimeUs[0]).toBeNaN();
  });

  it('asks for no snapshot: a pid of another day names another process', async () => {
    const batch = await openReplay(bytes(`3,1,2,-;pid ${process.pid}\n`), {
      keep: keepAll,
      snapshots: [{ marker: 'pid ', folder: '/proc/%', files: ['status'] }],
    }).next();
    expect(batch!.memory.snapshotLength[0]).toBe(0);
  });
});

describe('what a capture lacks', () => {
  it('a gap is a loss before the record that shows it', async () => {
    const { rows, stats } = await replay(bytes('6,358,1,-;a\n6,1666,2,-;b\n'));
    expect(rows.map(({ kind, seq, lost }) => [kind, seq, lost])).toEqual([
      ['record', 358n, 0],
      ['loss', 359n, 1307],
      ['record', 1666n, 0],
      ['caughtUp', 1666n, 0],
    ]);
    expect(stats.lost).toBe(1307);
  });

  it('numbers that go back are another boot and no loss', async () => {
    const { rows, stats } = await replay(bytes('6,500,1,-;a\n6,0,1,-;b\n6,2,1,-;c\n'));
    expect(seqs(rows)).toEqual([500n, 0n, 2n]);
    expect(stats).toMatchObject({ lost: 1, firstSeq: 500n, lastSeq: 2n });
  });

  it('a gap at the edge of 32 and 64 bits is exact', async () => {
    const text = `6,${2n ** 32n - 2n},1,-;a\n6,${2n ** 32n + 5n},1,-;b\n6,${2n ** 64n - 1n},1,-;c\n`;
    const { rows } = await replay(bytes(text));
    const losses = rows.filter((row) => row.kind === 'loss');
    expect(losses[0]).toMatchObject({ seq: 2n ** 32n - 1n, lost: 6 });
    expect(losses[1]).toMatchObject({ seq: 2n ** 32n + 6n });
    expect(rows.at(-1)?.seq).toBe(2n ** 64n - 1n);
  });

  it('cut anywhere, each record is delivered whole or counted, never in part', async () => {
    for (let from = 0; from <= capture.length; from++) {
      for (const to of [from, (from + capture.length) >> 1, capture.length]) {
        const { rows, stats } = await replay(bytes(capture.slice(from, to)));
        expect(stats.read).toBe(stats.kept + stats.malformed);
        expect(stats.bytes).toBe(to - from);
        expect(stats.malformed).toBeLessThanOrEqual(2);
        if (from === 0) {
          for (const record of recordsOf(rows)) {
            // A dictionary line at the end may be missing: only what follows says whether there is one.
            expect(records.some((whole) => whole.startsWith(record))).toBe(true);
            expect(record.endsWith('\n')).toBe(true);
          }
        }
      }
    }
  });

  it('a device, whose read nobody could end, is refused', async () => {
    await expect(replay('/dev/zero')).rejects.toThrow(
      '/dev/zero is a device, not a capture: leave --source out to watch this node, or name a raw kmsg capture',
    );
  });

  it('the rest of a first record, with its dictionary, is one malformed record', async () => {
    const { rows, stats } = await replay(bytes('f a text\n SUBSYSTEM=x\n6,2,1,-;b\n'));
    expect(seqs(rows)).toEqual([2n]);
    expect(stats).toMatchObject({ malformed: 1, lost: 0 });
  });

  it('a kill line cut at the end is not taken for a kill of pid 12', async () => {
    const { rows, stats } = await replay(bytes('6,1,1,-;a\n3,2,1,-;Killed process 12'));
    expect(seqs(rows)).toEqual([1n]);
    expect(stats.malformed).toBe(1);
  });
});

describe('what no reader expects', () => {
  const cut = (seq: number) => `6,${seq},1,-;`.padEnd(2048, 'x');

  it('a record that the kernel cut, newline and all, does not swallow the next', async () => {
    const parts = [cut(1), '6,2,1,-;b\n', cut(3), cut(4), '6,5,1,-;c\n'];
    for (const memory of [allocateBatch(), allocateBatch(2, 8192)]) {
      const { rows, stats } = await replay(bytes(parts.join('')), { memory });
      expect(recordsOf(rows)).toEqual(parts);
      expect(stats).toMatchObject({ lost: 0, malformed: 0 });
    }
  });

  it('a cut record at the end of the capture is whole', async () => {
    expect(recordsOf((await replay(bytes(cut(7)))).rows)).toEqual([cut(7)]);
  });

  it('a long record of an old kernel is not cut by a prefix in its text', async () => {
    const long = `${'6,1,1,-;'.padEnd(2048, 'x')}6,9,1,-;not a record\n`;
    expect(recordsOf((await replay(bytes(long))).rows)).toEqual([long]);
  });

  it('a line without end costs no memory: it is counted as oversize and the rest goes on', async () => {
    const text = `6,1,1,-;a\n6,2,1,-;${'y'.repeat(200_000)}\n SUBSYSTEM=x\n6,3,1,-;c\n`;
    const { rows, stats } = await replay(chunks(text, Array(500).fill(300)));
    expect(seqs(rows)).toEqual([1n, 3n]);
    expect(stats).toMatchObject({ oversize: 1, lost: 1 });
  });

  it('a record of exactly 8192 bytes is whole, one of 8193 is not', async () => {
    const sized = (seq: number, size: number) => `${`6,${seq},1,-;`.padEnd(size - 1, 'y')}\n`;
    const { rows, stats } = await replay(bytes(sized(1, 8192) + sized(2, 8193)));
    expect(seqs(rows)).toEqual([1n]);
    expect(stats.oversize).toBe(1);
  });

  it('bytes that are no capture are counted and nothing throws', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 10 }),
        async (parts) => {
          async function* source() {
            yield* parts;
          }
          const { rows } = await replay(source());
          expect(rows.at(-1)?.kind).toBe('caughtUp');
        },
      ),
    );
  });
});

describe('the source of a capture', () => {
  it('is a file', async () => {
    const file = path.join(temporaryFolder(), 'capture');
    const many = Array.from({ length: 5000 }, (_, i) => `6,${i},1,-;record ${i}\n`);
    writeFileSync(file, many.join(''));
    expect(recordsOf((await replay(file)).rows)).toEqual(many);
  });

  it('that does not exist is reported at the first next, and then ended', async () => {
    const source = openReplay('/nowhere/capture', { keep: keepAll });
    await new Promise((resolve) => setTimeout(resolve, 20));
    await expect(source.next()).rejects.toMatchObject({
      name: 'KmsgError',
      code: 'ENOENT',
      path: '/nowhere/capture',
      notAllowed: false,
    });
    expect(await source.next()).toBeUndefined();
  });

  it('that fails half way gives the records before it', async () => {
    async function* failing() {
      yield bytes('6,1,1,-;a\n6,2,1,-;b\n');
      throw Object.assign(new Error('gone'), { code: 'EIO' });
    }
    const source = openReplay(failing(), { keep: keepAll });
    expect((await source.next())?.length).toBe(1);
    expect((await source.next())?.length, 'the last one too').toBe(1);
    await expect(source.next()).rejects.toMatchObject({ code: 'EIO' });
    expect(await source.next()).toBeUndefined();
  });

  it('whose error has no code that is known says what failed', async () => {
    async function* failing() {
      yield bytes('6,1,1,-;a\n');
      throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
    }
    const source = openReplay(failing(), { keep: keepAll });
    await source.next();
    await expect(source.next()).rejects.toMatchObject({
      code: 'ERR_UNKNOWN',
      message: expect.stringMatching(/stream of the capture failed \(ECONNRESET\)/),
    });
  });

  it('that pauses behind a record gives it without the next one', async () => {
    let goOn = () => {};
    const paused = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    async function* slow() {
      yield bytes('6,1,1,-;a\n');
      await paused;
      yield bytes(' SUBSYSTEM=of-a\n6,2,1,-;b\n');
    }
    const source = openReplay(slow(), { keep: keepAll });
    expect((await source.next())?.memory.seq[0]).toBe(1n);
    goOn();
    const second = await source.next();
    expect(second?.memory.seq[0]).toBe(2n);
    expect(source.stats()).toMatchObject({ read: 2, malformed: 0 });
  });

  it('that is silent does not hold up closing', async () => {
    let released = false;
    const silent: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => {}),
        return: async () => {
          released = true;
          return { done: true, value: undefined };
        },
      }),
    };
    const source = openReplay(silent, { keep: keepAll });
    const waiting = source.next();
    await new Promise((resolve) => setTimeout(resolve, 10));
    source.close();
    expect(await waiting).toBeUndefined();
    expect(released).toBe(true);
  });

  it('that is large and holds nothing of interest does not starve the event loop', async () => {
    const many = Array.from({ length: 50_000 }, (_, i) => `6,${i},1,-;x\n`).join('');
    const keep = {
      rules: [{ bytes: 'z', at: 'start' as const, facility: 'any' as const }],
      fragments: false,
    };
    let turns = 0;
    const count = () => {
      turns++;
      turn = setImmediate(count);
    };
    let turn = setImmediate(count);
    await replay(bytes(many), { keep });
    clearImmediate(turn);
    expect(turns).toBeGreaterThan(40);
  });
});
