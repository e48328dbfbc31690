import type { LogFormat, LogLine } from './log-line.js';
import { namedPriority } from './syslog-priority.js';

/** What a journal entry or an object of dmesg --json says, by field; values are latin1, one character a byte. */
export type Fields = ReadonlyMap<string, string>;

/** The line that an object says; undefined: it says none. */
export function lineOfFields(fields: Fields, seq: bigint): LogLine | undefined {
  return isOfDmesg(fields) ? dmesgLine(fields, seq) : journalLine(fields, seq);
}

export function formatOfFields(fields: Fields): LogFormat {
  if (!isOfDmesg(fields)) return 'journal-json';
  return fields.has('fac') ? 'dmesg-x-json' : 'dmesg-json';
}

/** Many programs and shippers have a `msg`, and a `time` of their own; dmesg's has its priority or the kernel's time. */
function isOfDmesg(fields: Fields): boolean {
  if (!fields.has('msg')) return false;
  return fields.has('pri') || kernelTime.test(fields.get('time') ?? '');
}

const kernelTime = /^\s*(\d+)\.(\d{6})$/;

/** util-linux 2.38's dmesg --file --json writes the rest of the file after each record's text. */
const recordsAfter = /\n<\d{1,3}>\[ *\d{1,10}\.\d{6}\] [\s\S]*$/;

/**
 * `{"pri": 6, "time": 12.345678, "msg": "…"}`; with -x `"fac": "kern", "pri": "info"`. The number is facility | level
 * up to util-linux 2.39 (its issue 2325): below 8 it may be anybody's.
 */
function dmesgLine(fields: Fields, seq: bigint): LogLine {
  const line: LogLine = { seq, text: fields.get('msg')!.replace(recordsAfter, '') };
  const priority = dmesgPriority(fields.get('fac'), fields.get('pri') ?? '');
  if (priority >= 0) line.priority = priority;
  const time = fields.get('time')?.match(kernelTime);
  if (time) line.timestampUs = Number(time[1]) * 1e6 + Number(time[2]);
  const caller = fields.get('caller');
  if (caller !== undefined) line.caller = caller;
  return line;
}

function dmesgPriority(facility: string | undefined, level: string): number {
  if (facility !== undefined) return namedPriority(facility, level);
  const priority = decimal(level) ?? -1;
  return priority < 8 ? -1 : priority;
}

/** The journal's fields that matter here; those that begin with `_` are journald's own word and cannot be forged. */
export const journalFields = [
  'MESSAGE',
  'PRIORITY',
  'SYSLOG_FACILITY',
  'SYSLOG_IDENTIFIER',
  '_TRANSPORT',
  '_COMM',
  '_BOOT_ID',
  '_HOSTNAME',
  '__REALTIME_TIMESTAMP',
  '_SOURCE_REALTIME_TIMESTAMP',
  '__MONOTONIC_TIMESTAMP',
  '_SOURCE_MONOTONIC_TIMESTAMP',
] as const;

/** The fields that lineOfFields reads. */
export const knownFields: ReadonlySet<string> = new Set([
  ...journalFields,
  ...['fac', 'pri', 'time', 'caller', 'msg'],
]);

function journalLine(fields: Fields, seq: bigint): LogLine | undefined {
  const text = fields.get('MESSAGE');
  const identifier = fields.get('SYSLOG_IDENTIFIER');
  const transport = fields.get('_TRANSPORT');
  if (text === undefined || (identifier === undefined && transport === undefined)) return undefined;
  const line: LogLine = { seq, text };
  origin(line, fields, transport, identifier);
  const timestampUs = decimal(fields.get('_SOURCE_MONOTONIC_TIMESTAMP'));
  if (timestampUs !== undefined) line.timestampUs = timestampUs;
  const host = fields.get('_HOSTNAME');
  if (host !== undefined) {
    line.host = host;
    line.stream = host;
  }
  const wallTimeUs = realTime(fields, timestampUs);
  if (wallTimeUs !== undefined) line.wallTimeUs = wallTimeUs;
  const bootId = fields.get('_BOOT_ID');
  if (bootId !== undefined) line.bootId = bootId;
  return line;
}

/**
 * When the line was written, not when journald read it, which after a storm or at boot may be minutes later: the kernel's
 * lines have no time of their own but the monotonic one.
 */
function realTime(fields: Fields, sourceUs: number | undefined): number | undefined {
  const source = decimal(fields.get('_SOURCE_REALTIME_TIMESTAMP'));
  if (source !== undefined) return source;
  const read = decimal(fields.get('__REALTIME_TIMESTAMP'));
  const readUs = decimal(fields.get('__MONOTONIC_TIMESTAMP'));
  if (read === undefined || readUs === undefined || sourceUs === undefined) return read;
  return sourceUs <= readUs ? read - (readUs - sourceUs) : read;
}

function origin(line: LogLine, fields: Fields, transport?: string, identifier?: string): void {
  const level = decimal(fields.get('PRIORITY'));
  const facility = decimal(fields.get('SYSLOG_FACILITY'));
  if (transport === 'kernel') {
    // Older journald (dev_kmsg_record) writes the facility only of what user space wrote into /dev/kmsg.
    if (level !== undefined) line.priority = (facility ?? 0) * 8 + level;
    if (facility) line.source = identifier ?? 'unknown';
    return;
  }
  if (transport === undefined && identifier === 'kernel') return;
  line.source = identifier ?? fields.get('_COMM') ?? 'unknown';
  // A process may send facility 0 to /dev/log; only what came from the kernel has it.
  if (facility && level !== undefined) line.priority = facility * 8 + level;
}

function decimal(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : undefined;
}
