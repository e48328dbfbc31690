import {
  closeSync,
  constants,
  openSync,
  readFileSync,
  readSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll } from 'vitest';

export const device = '/dev/kmsg';

/**
 * Lets the tests of this file have the log for themselves: a file that floods it would overwrite what another wrote a
 * moment ago. The lock is an abstract socket, which the kernel releases whatever becomes of its owner.
 */
export function aloneOnTheLog(): void {
  const lock = createServer();
  beforeAll(async () => {
    while (!(await listens(lock))) await setTimeout(50);
  });
  afterAll(() => lock.close());
}

/** False: another has the lock. */
function listens(lock: Server): Promise<boolean> {
  return new Promise((resolve) => {
    lock.once('error', () => resolve(false));
    lock.listen('\0oomwatcher-test-kernel-log', () => resolve(true));
  });
}

let markers = 0;

/** Text that no other record of the log holds. */
export function uniqueMarker(): string {
  return `oomwatcher-${process.pid}-${Date.now()}-${markers++};`;
}

/** Writes one record. An open for each: the kernel takes 10 from one open file in 5 s and drops the rest silently. */
export function writeRecord(text: string, prefix = '<5>'): void {
  writeFileSync(device, `${prefix}${text}\n`);
}

/**
 * Makes the kernel itself write a record that holds `name` (15 bytes at most): it names the process whose writes it
 * dropped.
 */
export function writeAsKernel(name: string): void {
  const before = readFileSync('/proc/self/comm', 'latin1');
  writeFileSync('/proc/self/comm', name);
  const fd = openSync(device, constants.O_WRONLY);
  for (let i = 0; i < 12; i++) writeSync(fd, '<7>dropped soon\n');
  closeSync(fd);
  writeFileSync('/proc/self/comm', before);
}

/** All records now in the log, read with nothing of this package. */
export function readRing(): string[] {
  const fd = openSync(device, constants.O_RDONLY | constants.O_NONBLOCK);
  const buffer = Buffer.alloc(8192);
  const records: string[] = [];
  try {
    for (;;) records.push(buffer.toString('latin1', 0, readSync(fd, buffer)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    return records;
  } finally {
    closeSync(fd);
  }
}
