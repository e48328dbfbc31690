import { DateFields } from './head.js';

/** What a prefix of no known form says of its line. */
export interface Stamps {
  timestampUs?: number;
  date?: DateFields;
  /** What is left when times, numbers and priorities are taken out: who or what the line came through. */
  names: string;
}

const printk = /\[ *(\d{1,10})\.(\d{6})s?(?: *<[^>]*>| *\/ [^\]]*)?\]/g;
const tai64n = /@([0-9a-f]{16})([0-9a-f]{8})?/;
const iso =
  /(\d{4})[-/](\d\d)[-/](\d\d)[T _](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?: ?(Z|UTC|[+-]\d\d:?\d\d))?/;
const named =
  /(?:^|[^A-Za-z])(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +(\d{1,2}) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?: (\d{4}))?/;
const dayAndMonth = /(?:^|[^\d])(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?/;
const epoch = /(?:^|[^\d.])(1\d{9})(?:\.(\d{1,9}))?(?=[^\d.]|$)/;
const clockOnly = /(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?/;
const months = 'JanFebMarAprMayJunJulAugSepOctNovDec';
/** TAI is ahead of UTC, by 37 s since 2017; its label begins at 2^62. */
const taiOffset = 37n;
const taiBase = 2n ** 62n;

const levels =
  /(?:<\d+>|\b(?:kern|kernel|user|daemon|emerg|panic|alert|crit|critical|err|error|warn|warning|notice|info|debug|trace)\b)/gi;

export function stampsOf(prefix: string): Stamps {
  let rest = prefix;
  const stamps: Stamps = { names: '' };
  printk.lastIndex = 0;
  let stampAt = -1;
  for (let match = printk.exec(prefix); match !== null; match = printk.exec(prefix)) {
    stamps.timestampUs = Number(match[1]) * 1e6 + Number(match[2]);
    if (stampAt < 0) stampAt = match.index;
  }
  // What stands after the kernel's own time is of the thread that printed, not of the machine.
  if (stampAt >= 0) rest = rest.slice(0, stampAt);
  const date = dateOf(rest);
  if (date !== undefined) {
    stamps.date = date.fields;
    rest = rest.replace(date.text, ' ');
  }
  stamps.names = namesOf(rest);
  return stamps;
}

/** Standard output and standard error of a GitLab job (`00O`, `01E`) are of one machine. */
const outputOf = /^\d\d[OE]$/;

const address = /\b(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\b/g;

const isAddress = /^\d+\.\d+\.\d+\.\d+$/;

function namesOf(rest: string): string {
  return rest
    .replace(address, 'ip$1x$2x$3x$4')
    .replace(/\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b,?/g, ' ')
    .replace(iso, ' ')
    .replace(levels, ' ')
    .replace(/\b0x[0-9a-f]+\b|\b\d[\d.,:]*\b/gi, ' ')
    .replace(/[^A-Za-z0-9_./\x80-\xff-]+/g, ' ')
    .split(' ')
    .map((word) => word.replace(/^ip(\d+)x(\d+)x(\d+)x(\d+)$/, '$1.$2.$3.$4'))
    .filter((word) => isAddress.test(word) || /[A-Za-z\x80-\xff]/.test(word))
    .filter((word) => !outputOf.test(word))
    .join(' ');
}

function dateOf(text: string): { fields: DateFields; text: string } | undefined {
  const tai = tai64n.exec(text);
  if (tai !== null) {
    const seconds = BigInt(`0x${tai[1]}`) - taiBase - taiOffset;
    const micro = Math.floor(Number.parseInt(tai[2] ?? '0', 16) / 1000);
    return { fields: atEpoch(Number(seconds), micro), text: tai[0] };
  }
  const full = iso.exec(text);
  if (full !== null) {
    const [match, year, month, day, hour, minute, second, fraction, zone] = full;
    const fields = fieldsOf(Number(year), Number(month) - 1, day, hour, minute, second, fraction);
    fields.offsetMinutes = offsetOf(zone);
    return { fields, text: match };
  }
  const syslog = named.exec(text);
  if (syslog !== null) {
    const [match, month, day, hour, minute, second, fraction, year] = syslog;
    const index = months.indexOf(month!) / 3;
    const known = year === undefined ? -1 : Number(year);
    return { fields: fieldsOf(known, index, day, hour, minute, second, fraction), text: match };
  }
  const short = dayAndMonth.exec(text);
  if (short !== null) {
    const [match, month, day, hour, minute, second, fraction] = short;
    const fields = fieldsOf(-1, Number(month) - 1, day, hour, minute, second, fraction);
    return { fields, text: match };
  }
  const seconds = epoch.exec(text);
  if (seconds !== null) {
    return { fields: atEpoch(Number(seconds[1]), microseconds(seconds[2])), text: seconds[0] };
  }
  const time = clockOnly.exec(text);
  if (time === null) return undefined;
  const [match, hour, minute, second, fraction] = time;
  const fields = fieldsOf(-1, DateFields.unknownMonth, '1', hour, minute, second, fraction);
  return { fields, text: match };
}

function fieldsOf(
  year: number,
  month: number,
  day: string | undefined,
  hour: string | undefined,
  minute: string | undefined,
  second: string | undefined,
  fraction: string | undefined,
): DateFields {
  const fields = new DateFields();
  fields.year = year;
  fields.month = month > 11 ? DateFields.unknownMonth : month;
  fields.day = Number(day);
  fields.hour = Number(hour);
  fields.minute = Number(minute);
  fields.second = Number(second);
  fields.microsecond = microseconds(fraction);
  return fields;
}

function atEpoch(seconds: number, micro: number): DateFields {
  const fields = new DateFields();
  fields.year = 1970;
  fields.month = 0;
  fields.day = 1;
  fields.second = seconds;
  fields.microsecond = micro;
  fields.offsetMinutes = 0;
  return fields;
}

function microseconds(fraction: string | undefined): number {
  return fraction === undefined ? 0 : Number(fraction.padEnd(6, '0').slice(0, 6));
}

function offsetOf(zone: string | undefined): number {
  if (zone === undefined) return Number.NaN;
  if (zone === 'Z' || zone === 'UTC') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return zone.startsWith('-') ? -minutes : minutes;
}
