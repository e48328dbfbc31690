import { execFileSync } from 'node:child_process';
import { afterEach, expect, it } from 'vitest';
import { builtAddon, kernelLog, needs } from '../../test/support/needs.ts';
import type { KmsgReader, ReaderOptions } from '../index.js';
import { allocateBatch } from './batch.ts';

const options: ReaderOptions = { keep: { rules: [], fragments: true }, snapshots: [] };

needs(builtAddon, kernelLog).describe('the seam', async () => {
  const native = await import('../index.js');
  const opened: KmsgReader[] = [];

  function open(reader: ReaderOptions, onWake: () => void = () => {}): KmsgReader {
    const made = new native.KmsgReader(reader, onWake);
    opened.push(made);
    return made;
  }

  /** A reader whose first wake has come, and more than a batch of 8 rows. */
  async function openAwake(reader: ReaderOptions = options): Promise<KmsgReader> {
    const awake = await new Promise<KmsgReader>((resolve) => {
      const made = open(reader, () => resolve(made));
    });
    await expect.poll(() => awake.stats().read).toBeGreaterThan(16);
    return awake;
  }

  afterEach(() => {
    for (const reader of opened.splice(0)) reader.close();
  });

  it('names what is wrong with the options', () => {
    const rule = { bytes: 'x', at: 'start', facility: 'any' };
    const withRule = (change: object) => ({
      ...options,
      keep: { rules: [{ ...rule, ...change }], fragments: false },
    });
    const withSnapshot = (change: object) => ({
      ...options,
      snapshots: [{ marker: 'pid=', folder: '/proc/%', files: ['cgroup'], ...change }],
    });
    const cases: [unknown, string][] = [
      [undefined, 'options must be an object'],
      [{ ...options, path: 5 }, 'options.path must be a string'],
      [{ ...options, path: '/dev/kmsg\0x' }, 'options.path must be a path'],
      [{ ...options, keep: undefined }, 'options.keep must be an object'],
      [{ ...options, keep: { rules: [] } }, 'options.keep.fragments must be a boolean'],
      [{ ...options, keep: { fragments: true } }, 'options.keep.rules must be an array'],
      [{ ...options, snapshots: {} }, 'options.snapshots must be an array'],
      [{ ...options, ringBytes: '1' }, 'options.ringBytes must be a number'],
      [withRule({ bytes: 1 }), 'options.keep.rules[0].bytes must be a string'],
      [withRule({ bytes: '' }), 'options.keep.rules[0].bytes must not be empty'],
      [withRule({ bytes: '→' }), 'options.keep.rules[0].bytes must be latin1'],
      [withRule({ at: 'end' }), "options.keep.rules[0].at must be 'start' or 'anywhere'"],
      [withRule({ facility: 0 }), "options.keep.rules[0].facility must be 'kernel' or 'any'"],
      [withSnapshot({ marker: '' }), 'options.snapshots[0].marker must not be empty'],
      [withSnapshot({ folder: 1 }), 'options.snapshots[0].folder must be a string'],
      [withSnapshot({ folder: '' }), 'options.snapshots[0].folder must be a path'],
      [withSnapshot({ files: [1] }), 'options.snapshots[0].files[0] must be a string'],
      [withSnapshot({ slowFiles: 1 }), 'options.snapshots[0].slowFiles must be an array'],
      [withSnapshot({ slowFiles: [''] }), 'options.snapshots[0].slowFiles[0] must be a path'],
    ];
    for (const [bad, message] of cases) {
      const act = () => open(bad as ReaderOptions);
      expect(act, message).toThrow(TypeError);
      expect(act).toThrow(message);
    }
    expect(() => new native.KmsgReader(options, undefined as never)).toThrow(
      new TypeError('onWake must be a function'),
    );
  });

  it('refuses a ring or a snapshot out of bounds', () => {
    for (const ringBytes of [0, -1, 65_535, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => open({ ...options, ringBytes }), String(ringBytes)).toThrow(RangeError);
    }
    const file = 'cgroup';
    for (const [files, slowFiles] of [
      [Array(7).fill(file), []],
      [Array(3).fill(file), Array(4).fill(file)],
    ] as string[][][]) {
      const snapshots = [{ marker: 'x', folder: '/proc/%', files: files!, slowFiles: slowFiles! }];
      expect(() => open({ ...options, snapshots })).toThrow(RangeError);
    }
  });

  it('passes on what a getter of the options throws', () => {
    const thrown = new Error('mine');
    const throws = {
      get keep(): never {
        throw thrown;
      },
      snapshots: [],
    };
    expect(() => open(throws)).toThrow(thrown);
  });

  it('tells a missing device from one that is not the log', () => {
    expect(() => open({ ...options, path: '/nonexistent' })).toThrow(
      expect.objectContaining({
        code: 'ENOENT',
        errno: -2,
        syscall: 'open',
        path: '/nonexistent',
      }),
    );
    expect(() => open({ ...options, path: '/dev/null' })).toThrow(
      expect.objectContaining({ code: 'ERR_NOT_KMSG', syscall: 'fstat', path: '/dev/null' }),
    );
  });

  it('writes to no memory that is not as the contract says', async () => {
    const reader = await openAwake();
    const good = allocateBatch(8);
    for (const name of Object.keys(good) as (keyof typeof good)[]) {
      for (const bad of [undefined, [], new Int8Array(8), new DataView(new ArrayBuffer(64))]) {
        expect(() => reader.read({ ...good, [name]: bad }), name).toThrow(`batch.${name} must be`);
      }
      if (name === 'arena') continue;
      const shorter = good[name].slice(1);
      expect(() => reader.read({ ...good, [name]: shorter }), name).toThrow('the same length');
    }
    expect(() => reader.read(undefined as never)).toThrow(TypeError);
    expect(() => reader.read(allocateBatch(0))).toThrow('batch.kind is empty');
    expect(reader.read(good)).toBe(8);
  });

  it('does not write to a buffer that was transferred', async () => {
    const reader = await openAwake();
    const batch = allocateBatch(8);
    structuredClone(batch.seq, { transfer: [batch.seq.buffer as ArrayBuffer] });
    expect(() => reader.read(batch)).toThrow('batch.seq is empty');
  });

  it('does not write where a getter has taken the memory away', async () => {
    const reader = await openAwake();
    const batch = allocateBatch(8);
    const arena = batch.arena;
    Object.defineProperty(batch, 'snapshotLength', {
      get() {
        structuredClone(arena, { transfer: [arena.buffer as ArrayBuffer] });
        return new Uint32Array(8);
      },
    });
    expect(() => reader.read(batch)).toThrow(RangeError);
  });

  it('refuses a receiver that is no reader', () => {
    for (const method of ['read', 'stats', 'close'] as const) {
      expect(() => Reflect.apply(native!.KmsgReader.prototype[method], {}, [{}])).toThrow();
    }
    expect(() => (native!.KmsgReader as unknown as () => void)()).toThrow();
  });

  it('says that an arena is too small, and loses nothing by it', async () => {
    const reader = await openAwake();
    const small = allocateBatch(8, 4);
    expect(() => reader.read(small)).toThrow(RangeError);
    const batch = allocateBatch(8);
    expect(reader.read(batch)).toBe(8);
    expect(batch.seq[0]).toBe(reader.stats().firstSeq);
  });

  it('offsets point at the record and its text', async () => {
    const reader = await openAwake();
    const batch = allocateBatch(256);
    const rows = reader.read(batch);
    for (let i = 0; i < rows; i++) {
      if (batch.kind[i] !== 0) continue;
      const at = batch.recordOffset[i]!;
      const record = Buffer.from(batch.arena.buffer, at, batch.recordLength[i]!).toString('latin1');
      const textAt = batch.textOffset[i]!;
      const text = Buffer.from(batch.arena.buffer, textAt, batch.textLength[i]!).toString('latin1');
      const prefix = `${batch.priority[i]},${batch.seq[i]},${batch.timestampUs[i]},${String.fromCharCode(batch.flag[i]!)}`;
      expect(record.startsWith(prefix)).toBe(true);
      expect(record.slice(record.indexOf(';') + 1).split('\n')[0]).toBe(text);
      expect(batch.readMonotonicUs[i]).toBeGreaterThan(0);
      expect(Math.abs(batch.readRealtimeUs[i]! - Date.now() * 1000)).toBeLessThan(60e6);
    }
  });

  it('answers read and stats after close', async () => {
    const reader = await openAwake();
    const { read } = reader.stats();
    reader.close();
    expect(reader.read(allocateBatch())).toBe(0);
    expect(reader.stats().read).toBeGreaterThanOrEqual(read);
    expect(reader.stats().firstSeq).toBeTypeOf('bigint');
  });

  /** Runs a module in a process of its own, because vitest's would be the one that ends. */
  function runApart(source: string): string {
    const prologue = `
      import { KmsgReader } from '${new URL('../index.js', import.meta.url)}';
      const options = { keep: { rules: [], fragments: true }, snapshots: [] };`;
    return execFileSync(process.execPath, ['--input-type=module', '-e', prologue + source], {
      encoding: 'utf8',
      timeout: 300_000,
    });
  }

  it.each(["new Error('mine')", "'mine'", 'undefined'])(
    'does not swallow it when onWake throws %s',
    (thrown) => {
      const printed = runApart(`
        process.on('uncaughtException', (error) => { console.log(String(error)); reader.close(); });
        const reader = new KmsgReader(options, () => { throw ${thrown}; });`);
      expect(printed).toMatch(/^(Error: mine|mine|undefined)\n$/);
    },
  );

  it('keeps the process alive until it is closed, and no longer', () => {
    const printed = runApart(`
      const reader = new KmsgReader(options, () => {});
      process.on('exit', () => console.log(closed));
      let closed = false;
      setTimeout(() => { closed = true; reader.close(); }, 100).unref();`);
    expect(printed).toBe('true\n');
  });

  it('runs promise jobs after each wake', () => {
    const printed = runApart(`
      const reader = await new Promise((resolve) => {
        const made = new KmsgReader(options, () => resolve(made));
      });
      reader.close();
      console.log('resumed');`);
    expect(printed).toBe('resumed\n');
  });

  it('does not wake after close, though a wake was queued', () => {
    const printed = runApart(`
      let wakes = 0;
      for (let i = 0; i < 100; i++) {
        const reader = new KmsgReader(options, () => wakes++);
        const end = performance.now() + 3;
        while (performance.now() < end);
        reader.close();
      }
      setTimeout(() => console.log(wakes), 50);`);
    expect(printed).toBe('0\n');
  });

  it('a thousand readers leave no descriptor and no thread behind', () => {
    const printed = runApart(`
      import { readdirSync } from 'node:fs';
      const count = () => [readdirSync('/proc/self/fd').length, readdirSync('/proc/self/task').length];
      const open = () => new KmsgReader(options, () => {}).close();
      open();
      const before = count();
      for (let i = 0; i < 1000; i++) open();
      // A thread that was joined is in /proc for a moment more.
      const isMore = () => count().some((number, index) => number > before[index]);
      for (let i = 0; i < 10_000 && isMore(); i++) await new Promise((go) => setTimeout(go, 20));
      console.log(isMore());`);
    expect(printed).toBe('false\n');
  });
});
