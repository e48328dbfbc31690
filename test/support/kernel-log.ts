import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';

/** A record of /dev/kmsg, read by these tests' own few lines: an account that shares nothing with the reader under test. */
export interface RawRecord {
  priority: number;
  seq: number;
  timestampUs: number;
  /** Still escaped. */
  text: string;
}

export interface KernelLog extends Disposable {
  /** The next record; undefined: none now. What was overrun is left out. */
  read(): RawRecord | undefined;
}

/** A new reader, at the oldest record. */
export function openKernelLog(): KernelLog {
  const fd = openSync('/dev/kmsg', constants.O_RDONLY | constants.O_NONBLOCK);
  const buffer = Buffer.alloc(8192);
  return {
    read() {
      for (;;) {
        try {
          return parseRecord(
            buffer.toString('latin1', 0, readSync(fd, buffer, 0, buffer.length, null)),
          );
        } catch (error) {
          const { code } = error as NodeJS.ErrnoException;
          if (code === 'EAGAIN') return undefined;
          if (code !== 'EPIPE') throw error;
        }
      }
    },
    [Symbol.dispose]: () => closeSync(fd),
  };
}

function parseRecord(record: string): RawRecord {
  const [prefix = ''] = record.split(';', 1);
  const [priority, seq, timestampUs] = prefix.split(',', 3).map(Number);
  const text = record.slice(prefix.length + 1).split('\n', 1)[0] ?? '';
  return { priority: priority ?? 0, seq: seq ?? 0, timestampUs: timestampUs ?? 0, text };
}

/** Everything that the ring holds now, oldest first. */
export function readKernelLog(): RawRecord[] {
  using log = openKernelLog();
  const records: RawRecord[] = [];
  for (let record = log.read(); record !== undefined; record = log.read()) records.push(record);
  return records;
}

/** The sequence number of the oldest record that can still be read. */
export function oldestSeq(): number {
  using log = openKernelLog();
  return log.read()?.seq ?? 0;
}

/** That of the newest record. */
export function newestSeq(): number {
  return readKernelLog().at(-1)?.seq ?? -1;
}

/** Writes one record. `text` may begin with `<N>`, a priority; the kernel makes its facility at least 1. */
export function writeKernelLog(text: string): void {
  // One open a record: printk_devkmsg=ratelimit counts per open file.
  const fd = openSync('/dev/kmsg', constants.O_WRONLY);
  try {
    writeSync(fd, `${text}\n`);
  } finally {
    closeSync(fd);
  }
}

/** Writes `count` records of about 100 bytes, about ten thousand a second; level 7 so that no console slows it down. */
export function floodKernelLog(count: number): void {
  const filler = 'x'.repeat(64);
  for (let i = 0; i < count; i++) writeKernelLog(`<7>flood ${i} ${filler}`);
}
