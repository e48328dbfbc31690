import type { KernelLine } from '@oomwatcher/oom';

/**
 * One line of a captured log. `seq` is the record's own sequence number in a raw kmsg capture, and elsewhere where the
 * line begins in the log, in bytes (in a JSON document and a journal export: the number of the object, from 1).
 */
export interface LogLine extends KernelLine {
  /** Wall clock, microseconds since the epoch; absent where the log does not fix year and time zone. */
  wallTimeUs?: number;
  /** The boot that wrote the line, 32 hex digits; only the journal has it. */
  bootId?: string;
  /** The machine's name, as the line, the entry or what wraps it gives it. */
  host?: string;
  /**
   * Lines of one machine have this in common, and no other machine's lines of the log have it: the host, and what else
   * stands before every line (the name of a pod, of a file). Absent: the log has nothing of the kind.
   */
  stream?: string;
  /** Who wrote a line that is not the kernel's: its syslog identifier. Absent in the kernel's lines. */
  source?: string;
  /** Raw kmsg: so many records are missing between the record before this line and the line. Absent when none. */
  lostBefore?: number;
  /** Raw kmsg: the sequence numbers fell before this line: another boot, or another capture of the same one. */
  restarted?: true;
}

/** Whether the kernel wrote the line, as far as its format can say (see LogReader.hasPriority). */
export function isKernelLine(line: Pick<LogLine, 'source' | 'priority'>): boolean {
  return line.source === undefined && (line.priority === undefined || line.priority < 8);
}

/** Which program wrote the log, and in which of its forms. */
export type LogFormat =
  /** Records as read(2) on /dev/kmsg gave them. */
  | 'kmsg'
  /** dmesg; also a serial console, netconsole and /proc/kmsg without priorities. */
  | 'dmesg'
  /** dmesg -T, ctime. */
  | 'dmesg-T'
  /** dmesg -x, with any form of time. */
  | 'dmesg-x'
  /** dmesg -r, /proc/kmsg. */
  | 'dmesg-r'
  /** dmesg -e and -H. */
  | 'dmesg-e'
  /** dmesg --time-format=iso. */
  | 'dmesg-iso'
  /** dmesg -t: nothing but text. The last resort: any unknown text is read as this. */
  | 'dmesg-t'
  | 'dmesg-json'
  /** dmesg --json -x. */
  | 'dmesg-x-json'
  /** journalctl -o short; also RFC 3164 files that a daemon wrote from the journal. */
  | 'journal-short'
  | 'journal-short-precise'
  | 'journal-short-iso'
  | 'journal-short-iso-precise'
  | 'journal-short-full'
  | 'journal-short-unix'
  | 'journal-short-monotonic'
  /** journalctl -o json, json-seq and json-pretty. */
  | 'journal-json'
  | 'journal-export'
  /** A log shipper's records: one JSON object a line, the line itself in one of its fields. */
  | 'json'
  /** A syslog file with dates without a year. */
  | 'syslog-rfc3164'
  /** A syslog file with ISO 8601 dates. */
  | 'syslog-iso'
  | 'syslog-rfc5424';

const withPriority: ReadonlySet<LogFormat> = new Set([
  'kmsg',
  'dmesg-x',
  'dmesg-x-json',
  'journal-json',
  'journal-export',
]);

/** Whether a format carries the facility as the kernel or journald recorded it. */
export function carriesPriority(format: LogFormat): boolean {
  return withPriority.has(format);
}
