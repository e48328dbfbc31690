import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  allocateBatch,
  type KeepFilter,
  KmsgError,
  type KmsgSource,
  openPortable,
  type PortableOptions,
} from '../src/index.js';
import { collect, keepAll, rowsOf, seqs, untilCaughtUp } from './support/records.js';
import { type Answer, scriptedIo, systemError } from './support/scripted-io.js';
import { temporaryFolder } from './support/temporary.js';

let source: KmsgSource | undefined;

afterEach(() => source?.close());

function open(answers: Answer[], options: Partial<PortableOptions> = {}) {
  const { io, state } = scriptedIo(answers);
  source = openPortable({ keep: keepAll, io, ...options });
  return { source, state };
}

const record = (seq: number | bigint, text = 'x') => `6,${seq},${seq},-;${text}\n`;

describe('answers of read(2)', () => {
  it('EAGAIN is the end of what was there, reported once', async () => {
    const { source } = open([record(1), { fails: 'EAGAIN' }, record(2), { fails: 'EAGAIN' }]);
    const rows = await collect(source, (row) => row.seq === 2n);
    expect(rows.map(({ kind, seq }) => [kind, seq])).toEqual([
      ['record', 1n],
      ['caughtUp', 1n],
      ['record', 2n],
    ]);
  });

  it('an empty log is caught up with at once', async () => {
    const { source } = open([]);
    expect((await collect(source, untilCaughtUp)).map(({ kind, seq }) => [kind, seq])).toEqual([
      ['caughtUp', 0n],
    ]);
  });

  it('EINTR is tried again', async () => {
    const { source } = open([{ fails: 'EINTR' }, record(1), { fails: 'EINTR' }, record(2)]);
    expect(seqs(await collect(source, untilCaughtUp))).toEqual([1n, 2n]);
    expect(source.stats()).toMatchObject({ read: 2, lost: 0, overruns: 0, oversize: 0 });
  });

  it('EPIPE is not the end: the gap is counted and the next record delivered', async () => {
    const { source } = open([record(10), { fails: 'EPIPE' }, record(4843), record(4844)]);
    const rows = await collect(source, untilCaughtUp);
    expect(rows.map(({ kind, seq, lost }) => [kind, seq, lost])).toEqual([
      ['record', 10n, 0],
      ['loss', 11n, 4832],
      ['record', 4843n, 0],
      ['record', 4844n, 0],
      ['caughtUp', 4844n, 0],
    ]);
    expect(source.stats()).toMatchObject({ overruns: 1, lost: 4832 });
  });

  it('EPIPE twice before a record counts what is lost once', async () => {
    const { source } = open([record(1), { fails: 'EPIPE' }, { fails: 'EPIPE' }, record(5)]);
    await collect(source, untilCaughtUp);
    expect(source.stats()).toMatchObject({ overruns: 2, lost: 3 });
  });

  it('EPIPE before the first record loses nothing that anybody knows of', async () => {
    const { source } = open([{ fails: 'EPIPE' }, record(500)]);
    await collect(source, untilCaughtUp);
    expect(source.stats()).toMatchObject({ overruns: 1, lost: 0, firstSeq: 500n });
  });

  it('EINVAL drops one record, which is counted as lost', async () => {
    const { source } = open([record(1), { fails: 'EINVAL' }, record(3)]);
    expect(seqs(await collect(source, untilCaughtUp))).toEqual([1n, 3n]);
    expect(source.stats()).toMatchObject({ oversize: 1, lost: 1 });
  });

  it('a gap is a loss whatever read(2) said, also when the next record is not wanted', async () => {
    const { source } = open([record(1), record(3)], {
      keep: { rules: [{ bytes: 'z', at: 'start', facility: 'any' }], fragments: false },
    });
    const rows = await collect(source, untilCaughtUp);
    expect(rows.map(({ kind, seq, lost }) => [kind, seq, lost])).toEqual([
      ['loss', 2n, 1],
      ['caughtUp', 3n, 0],
    ]);
  });

  it('a malformed record is counted and does not end the source', async () => {
    const { source } = open([record(1), 'nonsense\n', record(2)]);
    expect(seqs(await collect(source, untilCaughtUp))).toEqual([1n, 2n]);
    expect(source.stats()).toMatchObject({ read: 3, kept: 2, malformed: 1, lost: 0 });
  });

  it('a failure comes after the rows before it, once, and the descriptor is closed', async () => {
    const { source, state } = open([record(1), { fails: 'EIO' }]);
    expect(rowsOf((await source.next())!)).toHaveLength(1);
    const failure = await source.next().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(KmsgError);
    expect(failure).toMatchObject({ code: 'EIO', errno: -5, syscall: 'read', path: '/dev/kmsg' });
    expect(state.closed).toBe(1);
    expect(await source.next()).toBeUndefined();
  });

  it('an end of the log is a failure and not silence for ever', async () => {
    const { source } = open(['']);
    await expect(source.next()).rejects.toMatchObject({ code: 'ENODATA', syscall: 'read' });
  });
});

describe('a batch', () => {
  it('that is full goes on in the next one without a gap', async () => {
    const records = Array.from({ length: 100 }, (_, i) => record(i));
    const { source } = open([...records], { memory: allocateBatch(3, 64 * 1024) });
    expect(seqs(await collect(source, untilCaughtUp))).toEqual(records.map((_, i) => BigInt(i)));
    expect(source.stats()).toMatchObject({ read: 100, kept: 100, lost: 0 });
  });

  it('whose arena is full goes on in the next one: every read has 8192 bytes', async () => {
    const records = Array.from({ length: 50 }, (_, i) => record(i, 'y'.repeat(8000)));
    const { source } = open([...records], { memory: allocateBatch(1024, 64 * 1024) });
    const rows = await collect(source, untilCaughtUp);
    expect(rows.filter((row) => row.kind === 'record').map((row) => row.record)).toEqual(records);
  });

  it('holds nothing of the one before it', async () => {
    const memory = allocateBatch(4, 64 * 1024);
    const { source } = open([record(1), { fails: 'EPIPE' }, record(9)], { memory });
    const all = await collect(source, untilCaughtUp);
    expect(all.map((row) => [row.kind, row.text])).toEqual([
      ['record', 'x'],
      ['loss', ''],
      ['record', 'x'],
      ['caughtUp', ''],
    ]);
  });

  it('with two rows left takes no record that may bring two others with it', async () => {
    const { source } = open([record(1), record(3), record(5)], {
      memory: allocateBatch(3, 64 * 1024),
    });
    const rows = await collect(source, untilCaughtUp);
    expect(rows.map((row) => row.seq)).toEqual([1n, 2n, 3n, 4n, 5n, 5n]);
  });

  it('with less than three rows is refused: a record can bring two others with it', () => {
    expect(() => open([], { memory: allocateBatch(1, 64 * 1024) })).toThrow(RangeError);
  });
});

describe('a fresh record', () => {
  const fresh = async (answers: Answer[], last: bigint) => {
    const { source } = open(answers);
    const rows = await collect(source, (row) => row.kind === 'record' && row.seq === last);
    return rows.filter((row) => row.fresh).map((row) => row.seq);
  };

  it('is the first one after the log was empty, and only that', async () => {
    expect(
      await fresh([record(1), { fails: 'EAGAIN' }, { waitsUs: 50_000 }, record(2), record(3)], 3n),
    ).toEqual([2n]);
  });

  it('is none where the process was stopped: it may have waited as long', async () => {
    expect(
      await fresh([record(1), { fails: 'EAGAIN' }, { waitsUs: 5_000_000 }, record(2)], 2n),
    ).toEqual([]);
  });

  it('is none after an overrun: the oldest record of the ring is next', async () => {
    expect(
      await fresh([record(1), { fails: 'EAGAIN' }, { fails: 'EPIPE' }, record(7)], 7n),
    ).toEqual([]);
  });
});

describe('the event loop', () => {
  it('gets its turn in the middle of a busy log', async () => {
    let seq = 0;
    const { io, state } = scriptedIo([]);
    io.read = (_fd, target, offset) => {
      state.reads++;
      return Buffer.from(record(seq++)).copy(target, offset);
    };
    source = openPortable({
      keep: { rules: [{ bytes: 'z', at: 'start', facility: 'any' }], fragments: false },
      io,
    });
    const endless = source.next();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const readsBefore = state.reads;
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    expect(state.reads - readsBefore).toBeLessThanOrEqual(2 * 1024);
    source.close();
    expect(await endless).toBeUndefined();
  });

  it('is not starved by a consumer that always finds rows', async () => {
    let seq = 0;
    const { io } = scriptedIo([]);
    io.read = (_fd, target, offset) => Buffer.from(record(seq++)).copy(target, offset);
    source = openPortable({ keep: keepAll, io });
    let timerRan = false;
    setTimeout(() => {
      timerRan = true;
    }, 1);
    for (let batches = 0; batches < 1000 && !timerRan; batches++) await source.next();
    expect(timerRan).toBe(true);
  });

  it('nothing is read while nobody asks: the only buffer is one batch', async () => {
    const { source, state } = open([record(1), { fails: 'EAGAIN' }, record(2)]);
    await source.next();
    const { reads } = state;
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(state.reads).toBe(reads);
  });
});

describe('after a record that named a dying process', () => {
  const snapshots = [{ marker: 'killed ', folder: '/proc/%', files: ['cgroup'] }];
  /** How often it is looked for in the time of ten pauses, which pass no faster than the reader's on a busy machine. */
  const readsIn = async (source: KmsgSource, state: { reads: number }) => {
    const { reads } = state;
    const next = source.next();
    for (let pause = 0; pause < 10; pause++) await new Promise((go) => setTimeout(go, 50));
    source.close();
    await next;
    return state.reads - reads;
  };

  it('the next one is looked for at once, not after 50 ms', async () => {
    const answers = [{ fails: 'EAGAIN' }, record(1, 'killed 5')];
    const { source, state } = open(answers, { snapshots });
    await collect(source, (row) => row.kind === 'record');
    expect(await readsIn(source, state)).toBeGreaterThan(20);
  });

  it('a second later the log is left in peace again', async () => {
    const answers = [{ fails: 'EAGAIN' }, record(1, 'killed 5')];
    const { source, state } = open(answers, { snapshots });
    await collect(source, (row) => row.kind === 'record');
    state.nowUs += 1_000_000;
    expect(await readsIn(source, state)).toBeLessThanOrEqual(13);
  });

  it('that died before the log was opened, nothing is hurried', async () => {
    const { source, state } = open([record(1, 'killed 5')], { snapshots });
    await collect(source, untilCaughtUp);
    expect(await readsIn(source, state)).toBeLessThanOrEqual(13);
  });
});

describe('what was in the log at the opening is history, and nothing after it', () => {
  /** Records 0 to `newest`, each a millisecond later; `firstNew` is seen when record `seenAt` has been read. */
  function slowly(newest: number, firstNew: number, seenAt: number, keep: KeepFilter = keepAll) {
    const answers: Answer[] = [];
    for (let seq = 0; seq <= newest; seq++) answers.push({ waitsUs: 1000 }, record(seq));
    const news = () => (answers.length / 2 <= newest - seenAt ? record(firstNew) : undefined);
    const { io, state } = scriptedIo(answers, {}, news);
    source = openPortable({ keep, io });
    return { source, state };
  }

  it('though it takes minutes to read', async () => {
    const { source } = slowly(5000, 4500, 4000);
    const rows = await collect(source, (row) => row.seq === 5000n);
    const caughtUp = rows.findIndex(untilCaughtUp);
    expect(rows.filter(untilCaughtUp)).toHaveLength(1);
    expect(rows[caughtUp]?.seq).toBe(4499n);
    expect(seqs(rows.slice(0, caughtUp)).at(-1)).toBe(4499n);
    expect(seqs(rows.slice(caughtUp))[0]).toBe(4500n);
  });

  it.each([1, 2, 17, 99])('the first record after it, number %i, follows caught up', async (n) => {
    const { source } = slowly(100, n, n);
    const rows = await collect(source, (row) => row.seq === 100n);
    expect(rows[n]).toMatchObject({ kind: 'caughtUp', seq: BigInt(n - 1) });
    expect(seqs(rows)).toHaveLength(101);
  });

  it('a loss of old and new records follows caught up, one of old records does not', async () => {
    const epipe = { fails: 'EPIPE' };
    const answers = [record(3), epipe, record(10), epipe, record(20)];
    const { io } = scriptedIo(answers, {}, () => record(17));
    source = openPortable({ keep: keepAll, io });
    const rows = await collect(source, (row) => row.seq === 20n);
    expect(rows.map(({ kind, seq }) => [kind, seq])).toEqual([
      ['record', 3n],
      ['loss', 4n],
      ['record', 10n],
      ['caughtUp', 10n],
      ['loss', 11n],
      ['record', 20n],
    ]);
  });

  it('a log that never runs dry is caught up, also where nothing in it is wanted', async () => {
    const none = {
      rules: [{ bytes: 'z', at: 'start', facility: 'any' } as const],
      fragments: false,
    };
    const { source } = slowly(5000, 700, 2500, none);
    const rows = await collect(source, untilCaughtUp);
    expect(rows).toHaveLength(1);
    expect(Number(rows[0]?.seq)).toBeLessThan(5000);
  });

  it('an overrun of what is new leaves a new record', async () => {
    const answers: Answer[] = [{ fails: 'EPIPE' }, record(2)];
    const { io, state } = scriptedIo([record(1), record(2), record(3)], {}, () => answers.shift());
    source = openPortable({ keep: keepAll, io });
    const rows = await collect(source, (row) => row.seq === 3n);
    expect(rows.map(({ kind, seq }) => [kind, seq])).toEqual([
      ['record', 1n],
      ['caughtUp', 1n],
      ['record', 2n],
      ['record', 3n],
    ]);
    expect(state.looks).toBe(2);
  });

  it('where nothing can be known of it, the end of the log is waited for', async () => {
    const flood = Array.from({ length: 3000 }, (_, i) => [record(i), { waitsUs: 1000 }]).flat();
    const { source } = open(flood);
    const rows = await collect(source, untilCaughtUp);
    expect(rows.at(-1)?.seq).toBe(2999n);
  });

  it('the descriptor for it is closed when it is known, and by closing', async () => {
    const { source, state } = slowly(3, 2, 2);
    await collect(source, untilCaughtUp);
    expect([state.opened, state.closed]).toEqual([2, 1]);
    source.close();
    expect(state.closed).toBe(2);
    const early = slowly(3, 2, 2);
    early.source.close();
    expect([early.state.opened, early.state.closed]).toEqual([2, 2]);
  });
});

describe('closing', () => {
  it('ends a next that waits, closes the descriptor once, and reads no more', async () => {
    const { source, state } = open([]);
    await source.next();
    const waiting = source.next();
    source.close();
    source.close();
    expect(await waiting).toBeUndefined();
    expect(await source.next()).toBeUndefined();
    expect(state.closed).toBe(1);
  });
});

describe('opening', () => {
  it('another device than the log is refused and its descriptor closed', () => {
    const { io, state } = scriptedIo([]);
    const open = () => openPortable({ keep: keepAll, io: { ...io, isKmsg: () => false } });
    expect(open).toThrow(expect.objectContaining({ code: 'ERR_NOT_KMSG', notAllowed: true }));
    expect(state.closed).toBe(1);
  });

  it('/dev/null in the place of the log is refused', () => {
    expect(() => openPortable({ keep: keepAll, path: '/dev/null' })).toThrow(
      expect.objectContaining({ code: 'ERR_NOT_KMSG', path: '/dev/null' }),
    );
  });

  it('a FIFO in the place of the log does not hang', () => {
    const fifo = path.join(temporaryFolder(), 'fifo');
    execFileSync('mkfifo', [fifo]);
    expect(() => openPortable({ keep: keepAll, path: fifo })).toThrow(
      expect.objectContaining({ code: 'ERR_NOT_KMSG' }),
    );
  });

  it('a path that is not there is reported with its remedy', () => {
    expect(() => openPortable({ keep: keepAll, path: '/nowhere/kmsg' })).toThrow(
      expect.objectContaining({ code: 'ENOENT', path: '/nowhere/kmsg', notAllowed: true }),
    );
  });

  it('a refusal by the kernel is reported as such', () => {
    const { io } = scriptedIo([]);
    const open = () =>
      openPortable({
        keep: keepAll,
        io: {
          ...io,
          open: () => {
            throw systemError('EPERM');
          },
        },
      });
    expect(open).toThrow(expect.objectContaining({ code: 'EPERM', notAllowed: true }));
  });
});
