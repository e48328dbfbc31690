import { decodeName, isoMicroseconds, unescapeText } from '@oomwatcher/oom';
import type { BatchMemory } from './addon-types.js';
import { decodeLine, recordBytes } from './record.js';

/**
 * One record of the kernel's log, JSON-able. Texts are UTF-8; a byte that is not stands as `\xNN`. Control characters are as
 * they are in the log: whoever may write there can write escape sequences for terminals.
 */
export interface LogRecord {
  /** The kernel's number of it, one more than of the record before. */
  seq: number;
  /** When the kernel printed it, ISO 8601 UTC with microseconds; absent in a capture. */
  time?: string;
  /** Microseconds of the printk clock since boot. */
  monotonicUs: number;
  /** `facility * 8 + level`. */
  priority: number;
  /** 0: the kernel itself, and nobody else. */
  facility: number;
  /** 0 (emergency) to 7 (debug). */
  level: number;
  text: string;
  /** It is a part of a line: `c`; before Linux 4.10 `+` for the parts after the first. */
  fragment?: 'c' | '+';
  /** `T<tid>` or `C<cpu>`, where the kernel says who prints (CONFIG_PRINTK_CALLER). */
  caller?: string;
  /** The `KEY=value` lines of the record, such as SUBSYSTEM and DEVICE of drivers. */
  fields?: Readonly<Record<string, string>>;
}

/** The record of a row. */
export function logRecord(
  memory: BatchMemory,
  row: number,
  wallTimeUs: number | undefined,
): LogRecord {
  const { timestampUs = 0, priority = 0, text, flag, caller } = decodeLine(memory, row);
  const fields = fieldsOf(memory, row);
  return {
    seq: Number(memory.seq[row]),
    ...(wallTimeUs !== undefined && { time: isoMicroseconds(wallTimeUs) }),
    monotonicUs: timestampUs,
    priority,
    facility: priority >> 3,
    level: priority & 7,
    text: decodeName(text),
    ...((flag === 'c' || flag === '+') && { fragment: flag }),
    ...(caller !== undefined && { caller }),
    ...(fields !== undefined && { fields }),
  };
}

/** `\n KEY=value` for each, behind the text. */
function fieldsOf(memory: BatchMemory, row: number): Record<string, string> | undefined {
  const textEnd = memory.textOffset[row]! + memory.textLength[row]!;
  const end = memory.recordOffset[row]! + memory.recordLength[row]!;
  // The text's own newline, and no more: nearly every record.
  if (end - textEnd <= 1) return undefined;
  const rest = recordBytes(memory, row).subarray(textEnd - memory.recordOffset[row]!);
  const lines = Buffer.from(rest.buffer, rest.byteOffset, rest.length)
    .toString('latin1')
    .split('\n');
  const pairs = lines.flatMap((line) => {
    const equals = line.indexOf('=');
    if (!line.startsWith(' ') || equals === -1) return [];
    return [[line.slice(1, equals), decodeName(unescapeText(line.slice(equals + 1)))] as const];
  });
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
}
