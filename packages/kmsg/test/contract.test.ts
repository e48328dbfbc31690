import { afterEach, expect, it } from 'vitest';
import {
  builtAddon,
  needs,
  type Requirement,
  ratelimitedLog,
  writableKernelLog,
} from '../../../test/support/needs.ts';
import {
  allocateBatch,
  type BatchMemory,
  decodeSnapshot,
  type KmsgSource,
  openNative,
  openPortable,
  openReplay,
  RowKind,
  type SourceOptions,
} from '../src/index.js';
import {
  aloneOnTheLog,
  readRing,
  uniqueMarker,
  writeAsKernel,
  writeRecord,
} from './support/live.js';
import { bytes, collect, keepAll, type Row, seqs, untilCaughtUp } from './support/records.js';

interface Options extends SourceOptions {
  memory?: BatchMemory;
}

interface Subject {
  name: string;
  requirements: Requirement[];
  /** Reads what is in this machine's log now; replay does so from a capture of it. */
  open(options: Options): KmsgSource;
  /** Whether records that are written later arrive too. */
  follows: boolean;
}

const subjects: Subject[] = [
  {
    name: 'native',
    requirements: [writableKernelLog, builtAddon],
    open: openNative,
    follows: true,
  },
  { name: 'portable', requirements: [writableKernelLog], open: openPortable, follows: true },
  {
    name: 'replay',
    requirements: [writableKernelLog],
    open: (options) => openReplay(bytes(readRing().join('')), options),
    follows: false,
  },
];

aloneOnTheLog();

for (const { name, requirements, open, follows } of subjects) {
  needs(...requirements).describe(`the ${name} source`, () => {
    let source: KmsgSource | undefined;

    afterEach(() => source?.close());

    /** The records in the log whose text holds the marker. */
    async function read(marker: string, options: Partial<Options> = {}): Promise<Row[]> {
      const keep = {
        rules: [{ bytes: marker, at: 'anywhere' as const, facility: 'any' as const }],
        fragments: false,
      };
      source = open({ keep, ...options });
      const rows = await collect(source, untilCaughtUp);
      return rows.filter((row) => row.kind === 'record');
    }

    it('gives every record once, in order, as it was written', async () => {
      const marker = uniqueMarker();
      const texts = Array.from({ length: 50 }, (_, i) => `${marker} ${i}`);
      for (const text of texts) writeRecord(text);
      const rows = await read(marker);
      expect(rows.map((row) => row.text)).toEqual(texts);
      for (const [i, row] of rows.entries()) {
        expect(row.record).toMatch(/^13,\d+,\d+,-[^;]*;oomwatcher-.*\n$/s);
        if (i > 0) expect(row.seq).toBeGreaterThan(rows[i - 1]!.seq);
      }
    });

    it('gives the whole ring byte for byte', async () => {
      const before = readRing();
      source = open({ keep: keepAll });
      const rows = await collect(source, untilCaughtUp);
      const records = new Map(
        rows.filter((row) => row.kind === 'record').map((row) => [row.seq, row.record]),
      );
      const first = source.stats().firstSeq!;
      for (const record of before) {
        const seq = BigInt(record.split(',', 2)[1]!);
        if (seq >= first) expect(records.get(seq)).toBe(record);
      }
    });

    it('says once that it has caught up, after the last record that was there', async () => {
      const marker = uniqueMarker();
      writeRecord(marker);
      source = open({ keep: keepAll });
      const rows = await collect(source, untilCaughtUp);
      expect(rows.filter((row) => row.kind === 'caughtUp')).toHaveLength(1);
      expect(rows.at(-1)).toMatchObject({ kind: 'caughtUp', seq: source.stats().lastSeq });
      expect(rows.some((row) => row.text === marker)).toBe(true);
    });

    it('accounts for every number: read and lost make up the whole sequence', async () => {
      source = open({ keep: keepAll });
      const rows = await collect(source, untilCaughtUp);
      const stats = source.stats();
      expect(BigInt(stats.read + stats.lost)).toBe(stats.lastSeq! - stats.firstSeq! + 1n);
      expect(stats).toMatchObject({ kept: stats.read, malformed: 0, oversize: 0 });
      expect(stats.bytes).toBe(rows.reduce((sum, row) => sum + row.record.length, 0));
      expect(stats.lost).toBe(rows.reduce((sum, row) => sum + row.lost, 0));
    });

    it('counts records that it does not keep', async () => {
      expect(await read(uniqueMarker())).toEqual([]);
      expect(source!.stats().kept).toBe(0);
      expect(source!.stats().read).toBeGreaterThan(0);
    });

    it('goes on in the next batch when one is full', async () => {
      const marker = uniqueMarker();
      const texts = Array.from({ length: 60 }, (_, i) => `${marker} ${i} ${'y'.repeat(800)}`);
      for (const text of texts) writeRecord(text);
      const small = await read(marker, { memory: allocateBatch(3, 64 * 1024) });
      expect(small.map((row) => row.text)).toEqual(texts);
      const narrow = await read(marker, { memory: allocateBatch(1024, 64 * 1024), keep: keepAll });
      expect(narrow.map((row) => row.text).filter((text) => text.startsWith(marker))).toEqual(
        texts,
      );
    });

    it('distinguishes start from anywhere and user space from the kernel', async () => {
      const marker = uniqueMarker();
      writeRecord(`${marker} first`);
      writeRecord(`second ${marker}`);
      const rule = (at: 'start' | 'anywhere', facility: 'kernel' | 'any') => ({
        keep: { rules: [{ bytes: marker, at, facility }], fragments: true },
      });
      const texts = async (options: Partial<Options>) =>
        (await read(marker, options)).map((row) => row.text).filter((t) => t.includes(marker));
      expect(await texts(rule('start', 'any'))).toEqual([`${marker} first`]);
      expect(await texts(rule('anywhere', 'any'))).toEqual([`${marker} first`, `second ${marker}`]);
      expect(await texts(rule('anywhere', 'kernel'))).toEqual([]);
    });

    it('hands bytes over as the kernel escaped them', async () => {
      const marker = uniqueMarker();
      writeRecord(`${marker}\x01\\x2d;t\xe9`);
      const [row] = await read(marker);
      expect(row?.text).toBe(`${marker}\\x01\\x5cx2d;t\\xc3\\xa9`);
    });

    it('closing ends a next that waits, and every later one', async () => {
      source = open({ keep: keepAll });
      await collect(source, untilCaughtUp);
      const waiting = source.next();
      // Long enough to be past the turn of the event loop that every next begins with.
      await new Promise((resolve) => setTimeout(resolve, 10));
      source.close();
      source.close();
      expect(await waiting).toBeUndefined();
      expect(await source.next()).toBeUndefined();
      expect(source.stats().read).toBeGreaterThan(0);
    });

    if (!follows) return;

    it('gives a record that is written while it waits, as a fresh one', async () => {
      const marker = uniqueMarker();
      expect(await read(marker)).toEqual([]);
      let fresh = false;
      for (let attempt = 0; attempt < 200 && !fresh; attempt++) {
        const next = source!.next();
        await new Promise((resolve) => setTimeout(resolve, 20));
        writeRecord(`${marker} ${attempt}`);
        const batch = (await next)!;
        expect(batch.length).toBe(1);
        // Another process may write in the same moment, and then its record is the fresh one.
        fresh = batch.memory.fresh[0] === 1;
        const age = batch.memory.readMonotonicUs[0]! - batch.memory.timestampUs[0]!;
        expect(Math.abs(age)).toBeLessThan(60_000_000);
        expect(Math.abs(batch.memory.readRealtimeUs[0]! - Date.now() * 1000)).toBeLessThan(
          60_000_000,
        );
      }
      expect(fresh).toBe(true);
    });

    it('refuses another device in the place of the log', () => {
      expect(() => open({ keep: keepAll, path: '/dev/null' } as Options)).toThrow(
        expect.objectContaining({
          name: 'KmsgError',
          code: 'ERR_NOT_KMSG',
          errno: undefined,
          syscall: 'fstat',
          path: '/dev/null',
          notAllowed: true,
        }),
      );
      expect(() => open({ keep: keepAll, path: '/nowhere' } as Options)).toThrow(
        expect.objectContaining({ name: 'KmsgError', code: 'ENOENT', syscall: 'open' }),
      );
    });

    it.each([
      { keep: { rules: [{ bytes: '', at: 'start', facility: 'any' }], fragments: false } },
      { keep: keepAll, snapshots: [{ marker: '', folder: '/', files: [] }] },
    ] as SourceOptions[])('refuses a marker that means nothing: %j', (options) => {
      expect(() => open(options)).toThrow(TypeError);
    });

    needs(ratelimitedLog).describe('what the kernel itself says', () => {
      it('a snapshot is taken of the process that a kernel record names', async () => {
        const name = `om${process.pid}`;
        writeAsKernel(name);
        // Forged: it names the same process.
        writeRecord(`${name}: forged`);
        source = open({
          keep: {
            rules: [{ bytes: name, at: 'anywhere', facility: 'any' }],
            fragments: false,
          },
          snapshots: [
            { marker: 'om', folder: '/proc/%', files: ['status', 'nothing'], slowFiles: ['comm'] },
          ],
        });
        let found = 0;
        let forged = 0;
        for (let caughtUp = false; !caughtUp; ) {
          const { memory, length } = (await source.next())!;
          for (let row = 0; row < length; row++) {
            caughtUp ||= memory.kind[row] === RowKind.caughtUp;
            if (memory.kind[row] !== RowKind.record) continue;
            if (memory.priority[row]! >= 8) {
              forged++;
              expect(memory.snapshotLength[row]).toBe(0);
              continue;
            }
            found++;
            const [status, nothing, comm] = decodeSnapshot(memory, row);
            expect(Buffer.from(status as Uint8Array).toString()).toContain(
              `\nPid:\t${process.pid}\n`,
            );
            expect(nothing).toEqual({ errno: -2 });
            expect(comm).toBeInstanceOf(Uint8Array);
          }
        }
        expect(found).toBeGreaterThan(0);
        expect(forged).toBeGreaterThan(0);
      });

      it('a kernel rule keeps it', async () => {
        const name = `om${process.pid}`;
        writeAsKernel(name);
        const keep = {
          rules: [{ bytes: name, at: 'anywhere' as const, facility: 'kernel' as const }],
          fragments: false,
        };
        expect(seqs(await read(name, { keep })).length).toBeGreaterThan(0);
      });
    });
  });
}
