import { expect, test } from 'vitest';
import { CapturedLog, foreignFileOf, LineNumber } from '../src/index.js';

const bytes = (text: string) => Buffer.from(text, 'latin1');

function statsOf(text: string) {
  const log = new CapturedLog('capture');
  log.push(bytes(text));
  log.end();
  return log.stats;
}

function lineOf(text: string, offset: number, chunkBytes = 7): number {
  const number = new LineNumber(offset);
  for (let at = 0; at < text.length; at += chunkBytes) {
    const line = number.push(bytes(text.slice(at, at + chunkBytes)));
    if (line !== undefined) return line;
  }
  return number.end();
}

const ordinary = 'Nov 23 16:00:00 node1 kernel: eth0: link up\n'.repeat(50);
const unknown = 'Nov 23 16:00:01 node1 kernel: Killed process 12 (java) for its colour\n';

test("a line in the OOM killer's words from which nothing came is counted, with its place", () => {
  const { notUnderstood, notUnderstoodAt } = statsOf(ordinary + unknown + ordinary + unknown);
  expect(notUnderstood).toBe(2);
  expect(notUnderstoodAt).toBe(ordinary.length);
  expect(lineOf(ordinary + unknown, notUnderstoodAt ?? 0)).toBe(51);
});

test('the line is numbered behind what the bytes go through', () => {
  const wrapped = `${ordinary}${unknown}`.replaceAll(/^/gm, '    ');
  const { notUnderstoodAt = -1 } = statsOf(wrapped);
  expect(lineOf(wrapped, notUnderstoodAt)).toBe(51);
});

test('a program that has no memory left is no report', () => {
  const java = 'Nov 23 16:00:00 node1 app[7]: java.lang.OutOfMemoryError: Out of memory: heap\n';
  expect(statsOf(ordinary + java)).toMatchObject({ notUnderstood: 0 });
});

test('a line that was understood is not counted', () => {
  const kill =
    'Nov 23 16:00:01 node1 kernel: Out of memory: Killed process 12 (java) total-vm:1kB, anon-rss:1kB, file-rss:0kB, shmem-rss:0kB\n';
  expect(statsOf(ordinary + kill)).toMatchObject({ notUnderstood: 0 });
});

test.each([
  [[0x50, 0x4b, 0x03, 0x04], 'a zip archive'],
  [[0x7f, 0x45, 0x4c, 0x46], 'a program (ELF)'],
  [[0x04, 0x22, 0x4d, 0x18], 'compressed by lz4'],
  [`${'a'.repeat(257)}ustar\0`, 'a tar archive'],
  ['\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x04\0', 'a core dump (ELF)'],
  ['KDUMP   \x06', "a crashed kernel's memory (vmcore)"],
  ['LPKSHHRH\0', 'a journal as systemd stores it'],
  ['SQLite format 3\0', 'a SQLite database'],
  ['%PDF-1.7\n', 'a PDF'],
  ['\x89PNG\r\n\x1a\n', 'a picture'],
])('a file that is no log is named: %j', (magic, what) => {
  const first = typeof magic === 'string' ? Buffer.from(magic, 'latin1') : Uint8Array.from(magic);
  expect(foreignFileOf(first)?.what).toBe(what);
});

test('text is no foreign file', () => expect(foreignFileOf(bytes(ordinary))).toBeUndefined());
