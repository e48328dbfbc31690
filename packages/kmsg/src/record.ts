import { type KernelLine, unescapeText } from '@oomwatcher/oom';
import type { BatchMemory } from './addon-types.js';

/** The line of a record row. This is where a record first becomes a string: call it for records that matter. */
export function decodeLine(memory: BatchMemory, row: number): KernelLine {
  const offset = memory.recordOffset[row]!;
  const prefixLength = memory.textOffset[row]! - offset;
  const record = latin1(memory.arena, offset, prefixLength + memory.textLength[row]!);
  const line: KernelLine = {
    seq: memory.seq[row]!,
    timestampUs: memory.timestampUs[row]!,
    priority: memory.priority[row]!,
    text: unescapeText(record.slice(prefixLength)),
  };
  const flag = memory.flag[row]!;
  if (flag !== 0) line.flag = String.fromCharCode(flag);
  const caller = callerOf(record.slice(0, prefixLength - 1));
  if (caller !== undefined) line.caller = caller;
  return line;
}

/** The bytes of a record row as read(2) gave them: a view of the arena, valid as long as the batch. */
export function recordBytes(memory: BatchMemory, row: number): Uint8Array {
  const offset = memory.recordOffset[row]!;
  return memory.arena.subarray(offset, offset + memory.recordLength[row]!);
}

const callerField = ',caller=';

function callerOf(prefix: string): string | undefined {
  const field = prefix.indexOf(callerField);
  if (field === -1) return undefined;
  const start = field + callerField.length;
  const end = prefix.indexOf(',', start);
  return prefix.slice(start, end === -1 ? undefined : end);
}

function latin1(bytes: Uint8Array, offset: number, length: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + offset, length).toString('latin1');
}
