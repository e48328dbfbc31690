import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFile } from '../../agent/test/support/temporary.js';
import { openDescriptors, temporaryFolder } from '../../kmsg/test/support/temporary.js';
import { InputError } from '../src/input-error.js';
import { LogFile } from '../src/log-file.js';

const mib = 1024 * 1024;

/** Everything that the file gives, copied chunk by chunk: a chunk is valid until the next one. */
async function read(path: string): Promise<Buffer> {
  const file = await LogFile.open(path);
  const chunks: Buffer[] = [];
  for await (const chunk of file.chunks()) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** A named pipe into which the bytes are written in pieces. */
function pipe(bytes: Uint8Array, pieceBytes: number): string {
  const path = join(temporaryFolder(), 'pipe');
  execFileSync('mkfifo', [path]);
  const write = async () => {
    const stream = createWriteStream(path, { highWaterMark: pieceBytes });
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      if (!stream.write(bytes.subarray(at, at + pieceBytes))) await once(stream, 'drain');
      await turn();
    }
    stream.end();
  };
  void write();
  return path;
}

/** Warnings of Node.js for the rest of the test. */
function collectWarnings(): string[] {
  const warnings: string[] = [];
  const collect = ({ message }: Error) => void warnings.push(message);
  process.on('warning', collect);
  onTestFinished(() => void process.off('warning', collect));
  return warnings;
}

/** With a checksum, as zstd(1) writes: without one damage need not show. */
const zstdSync = (bytes: Uint8Array) =>
  zstdCompressSync(bytes, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });

const compressions = [
  ['gzip', (bytes: Uint8Array) => gzipSync(bytes)],
  ['zstd', zstdSync],
] as const;

describe('a file', () => {
  test.each([0, 1, 2, 3, 4, 5, mib - 1, mib, mib + 1, 3 * mib + 17])(
    'of %i bytes is given whole and in order',
    async (size) => {
      const bytes = randomBytes(size);
      // Not the first bytes of something compressed.
      bytes.fill(0x36, 0, Math.min(size, 4));
      expect((await read(temporaryFile(bytes))).equals(bytes)).toBe(true);
    },
  );

  test('that begins like gzip and ends at once is damaged, not empty', async () => {
    await expect(read(temporaryFile(Uint8Array.of(0x1f, 0x8b)))).rejects.toThrow(InputError);
  });

  test('says its size, its time and how much of it has been read', async () => {
    const path = temporaryFile(Buffer.alloc(2 * mib, 'x'));
    utimesSync(path, 1_700_000_000, 1_700_000_000);
    const file = await LogFile.open(path);
    expect(file).toMatchObject({ name: path, sizeBytes: 2 * mib, bytesRead: 0 });
    expect(file.writtenUs).toBe(1_700_000_000_000_000);
    const seen: number[] = [];
    for await (const _ of file.chunks()) seen.push(file.bytesRead);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(file.bytesRead).toBe(2 * mib);
  });

  test('that is not read to its end is closed', async () => {
    const random = randomBytes(4 * mib);
    for (const bytes of [Buffer.alloc(4 * mib, 'x'), gzipSync(random), zstdCompressSync(random)]) {
      const path = temporaryFile(bytes);
      const file = await LogFile.open(path);
      for await (const _ of file.chunks()) break;
      await expect.poll(() => openDescriptors(path)).toBe(0);
    }
  });

  test('that is read to its end is closed', async () => {
    const path = temporaryFile('6,1,1,-;x\n');
    await read(path);
    expect(openDescriptors(path)).toBe(0);
  });

  test('that is not there is one sentence that names it and says what to check', async () => {
    await expect(LogFile.open('/no/such/log')).rejects.toThrow(
      new InputError('cannot open /no/such/log (ENOENT): check the name and the permissions'),
    );
  });

  test('that cannot be read to its end is named, with what to do', async () => {
    await expect(read('/proc/self/mem')).rejects.toThrow(
      /^reading \/proc\/self\/mem failed \(EIO\): .*check the disk, or copy the file again$/,
    );
  });

  test('that is compressed as nothing here reads is not taken for a log without kills', async () => {
    for (const [name, magic] of [
      ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]],
      ['bzip2', [0x42, 0x5a, 0x68, 0x39, 0x31, 0x41]],
    ] as const) {
      const path = temporaryFile(Uint8Array.from(magic));
      await expect(read(path)).rejects.toThrow(
        new InputError(
          `${path} is compressed by ${name}, which is not read: give it as ${name} -dc FILE | oomwatcher parse -`,
        ),
      );
    }
  });

  test('that is a folder is reported as one, and closed', async () => {
    const path = join(temporaryFolder(), 'folder');
    mkdirSync(path);
    await expect(LogFile.open(path)).rejects.toThrow(
      new InputError(`${path} is a folder: name the log files in it`),
    );
    expect(openDescriptors(path)).toBe(0);
  });
});

describe('a pipe', () => {
  test.each([
    [1, 1000],
    [3, 5000],
    [100_000, 2 * mib],
  ])('in pieces of %i bytes is given whole', async (pieceBytes, size) => {
    const bytes = Buffer.alloc(size, 'kernel log ');
    const path = pipe(bytes, pieceBytes);
    expect((await read(path)).equals(bytes)).toBe(true);
  });

  test('has no size and no time to make a date or a percentage of', async () => {
    const path = pipe(Buffer.from('x'), 1);
    const file = await LogFile.open(path);
    expect(file.sizeBytes).toBeUndefined();
    expect(file.writtenUs).toBeUndefined();
    for await (const _ of file.chunks());
    expect(file.bytesRead).toBe(1);
  });

  test('into which nobody writes anything is an empty log', async () => {
    const path = join(temporaryFolder(), 'pipe');
    execFileSync('mkfifo', [path]);
    spawn('sh', ['-c', 'exec > "$0"', path]);
    expect((await read(path)).length).toBe(0);
  });
});

describe.each(compressions)('%s', (name, compress) => {
  const text = Buffer.from(
    Array.from({ length: 50_000 }, (_, i) => `6,${i},${i * 1000},-;line ${i}\n`).join(''),
  );

  test('is recognised and undone', async () => {
    expect((await read(temporaryFile(compress(text)))).equals(text)).toBe(true);
  });

  test('of nothing is an empty log', async () => {
    expect((await read(temporaryFile(compress(Buffer.alloc(0))))).length).toBe(0);
  });

  test.each([1, 5, 1000])('through a pipe in pieces of %i bytes is undone', async (pieceBytes) => {
    const short = text.subarray(0, pieceBytes * 4000);
    const path = pipe(compress(short), pieceBytes);
    expect((await read(path)).equals(short)).toBe(true);
  });

  test('of many chunks leaves no listener behind for each', async () => {
    const warnings = collectWarnings();
    const bytes = randomBytes(2 * mib);
    const path = pipe(compress(bytes), 64 * 1024);
    expect((await read(path)).equals(bytes)).toBe(true);
    await turn();
    expect(warnings).toEqual([]);
  });

  test('that was appended to, as cat and log rotation do, is read to its end', async () => {
    const [first, second] = [text.subarray(0, 1000), text.subarray(1000)];
    const path = temporaryFile(Buffer.concat([compress(first), compress(second)]));
    expect((await read(path)).equals(text)).toBe(true);
  });

  test('that ends early gives what there is and then says so', async () => {
    const bytes = compress(randomBytes(mib));
    const file = await LogFile.open(temporaryFile(bytes.subarray(0, bytes.length / 2)));
    let given = 0;
    const consume = async () => {
      for await (const chunk of file.chunks()) given += chunk.length;
    };
    await expect(consume()).rejects.toThrow(InputError);
    expect(given).toBeGreaterThan(mib / 4);
  });

  test('that is damaged is one sentence with the remedy', async () => {
    const bytes = Buffer.from(compress(text));
    bytes.fill(0xff, 100, 200);
    const length = read(temporaryFile(bytes, 'x.z')).then((whole) => whole.length);
    await expect(length).rejects.toThrow(
      new RegExp(`x\\.z ends early or is damaged \\(${name}: .*copy the file again$`),
    );
  });

  test('counts what was read of the file, so that the bar ends at 100 %', async () => {
    const bytes = compress(text);
    const file = await LogFile.open(temporaryFile(bytes));
    for await (const _ of file.chunks());
    expect(file.bytesRead).toBe(bytes.length);
    expect(file.sizeBytes).toBe(bytes.length);
  });
});

test('an archive within a compressed file is named, too', async () => {
  const archive = Buffer.concat([
    Buffer.alloc(257, 'a'),
    Buffer.from('ustar\0'),
    Buffer.alloc(512),
  ]);
  await expect(read(temporaryFile(gzipSync(archive)))).rejects.toThrow(/ is a tar archive, /);
});
