import { readFileSync } from 'node:fs';
import { LogReader, type LogReaderOptions } from '../../../src/index.js';

export function fixture(name: string): Buffer {
  return readFileSync(new URL(`../fixtures/${name}`, import.meta.url));
}

export function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

/** Reads a whole log, given in pieces of one buffer that is overwritten for each, as a file is read. */
export function readLog(
  log: string | Uint8Array,
  options: LogReaderOptions = {},
  sizes: readonly number[] = [],
) {
  const bytes = typeof log === 'string' ? bytesOf(log) : log;
  const reader = new LogReader(options);
  const buffer = Buffer.alloc(Math.max(1, bytes.length));
  const lines = [];
  let at = 0;
  for (let turn = 0; at < bytes.length; turn++) {
    const size = sizes.length > 0 ? sizes[turn % sizes.length]! : bytes.length;
    const piece = bytes.subarray(at, at + size);
    buffer.set(piece);
    lines.push(...reader.push(buffer.subarray(0, piece.length)));
    buffer.fill(0x21);
    at += piece.length;
  }
  lines.push(...reader.end());
  return { lines, format: reader.format, hasPriority: reader.hasPriority, stats: reader.stats };
}

export const textsOf = (log: string | Uint8Array, options?: LogReaderOptions) =>
  readLog(log, options).lines.map((line) => line.text);
