import type { LogLine } from '../../../src/index.js';

/** The same lines as other tools write them: small copies of their rules, to print any capture in any format. */

/** Wall time of the boot in every printed log. */
export const bootUs = Date.UTC(2026, 10, 23, 16, 0, 0) * 1000;
export const bootId = '6ec1aaae8dd641ceb5cd07d668a802f1';

const pad = (value: number, length: number, fill = '0') => String(value).padStart(length, fill);
const seconds = (us: number) => `${pad(Math.floor(us / 1e6), 5, ' ')}.${pad(us % 1e6, 6)}`;
const stamp = (line: LogLine) => `[${seconds(line.timestampUs!)}]`;
const date = (line: LogLine) => new Date((bootUs + line.timestampUs!) / 1000);
const micro = (line: LogLine) => pad((bootUs + line.timestampUs!) % 1e6, 6);
const month = (line: LogLine) => date(line).toUTCString().slice(8, 11);
const day = (line: LogLine) => pad(date(line).getUTCDate(), 2);
const clock = (line: LogLine) => date(line).toISOString().slice(11, 19);
const isoSecond = (line: LogLine) => date(line).toISOString().slice(0, 19);

const facilityNames = ['kern', 'user', 'mail', 'daemon', 'auth', 'syslog'];
const levelNames = ['emerg', 'alert', 'crit', 'err', 'warn', 'notice', 'info', 'debug'];

/** util-linux safe_fwrite() in a C locale. */
function dmesgText(text: string, indent: number): string {
  return text.replace(/[^\x20-\x7e]/g, (char) => {
    if (char === '\n') return `\n${' '.repeat(indent)}`;
    if (char === '\t' || char === '\r' || char === '\v' || char === '\f') return char;
    return `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}

type Printer = (line: LogLine) => string;

function dmesg(prefix: Printer): Printer {
  return (line) => `${prefix(line)}${dmesgText(line.text, prefix(line).length)}\n`;
}

const decoded: Printer = (line) => {
  const facility = facilityNames[line.priority! >> 3]!;
  return `${facility.padEnd(6)}:${levelNames[line.priority! & 7]!.padEnd(6)}: `;
};
const weekday: Printer = (line) => date(line).toUTCString().slice(0, 3);
const ctime: Printer = (line) =>
  `[${weekday(line)} ${month(line)} ${pad(date(line).getUTCDate(), 2, ' ')} ${clock(line)} ${date(line).getUTCFullYear()}]`;

/** journalctl -o short…: later lines of a message are indented to its first; control bytes only with --all. */
function journal(time: Printer): Printer {
  return (line) => {
    const head = `${time(line)} node1 kernel: `;
    return `${head}${line.text.replaceAll('\n', `\n${' '.repeat(head.length)}`)}\n`;
  };
}

/** rsyslog escapes control bytes as it receives them. */
function rsyslog(head: Printer): Printer {
  return (line) =>
    `${head(line)}${line.text.replace(/[\x00-\x1f\x7f]/g, (char) => `#${char.charCodeAt(0).toString(8).padStart(3, '0')}`)}\n`;
}

const journalFields = (line: LogLine) => ({
  __CURSOR: `s=1;i=${line.seq}`,
  __REALTIME_TIMESTAMP: String(bootUs + line.timestampUs!),
  _BOOT_ID: bootId,
  _TRANSPORT: 'kernel',
  SYSLOG_FACILITY: String(line.priority! >> 3),
  PRIORITY: String(line.priority! & 7),
  SYSLOG_IDENTIFIER: 'kernel',
  _SOURCE_MONOTONIC_TIMESTAMP: String(line.timestampUs),
});

const printable = (text: string) => /^[\n\t\x20-\x7e]*$/.test(text);
const codes = (text: string) => [...Buffer.from(text, 'latin1')];

const journalJson: Printer = (line) => {
  const message = printable(line.text) ? line.text : codes(line.text);
  return `${JSON.stringify({ ...journalFields(line), MESSAGE: message })}\n`;
};

const journalExport: Printer = (line) => {
  const fields = Object.entries(journalFields(line)).map(([key, value]) => `${key}=${value}\n`);
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(line.text.length));
  const message =
    printable(line.text) && !line.text.includes('\n')
      ? `MESSAGE=${line.text}\n`
      : `MESSAGE\n${size.toString('latin1')}${line.text}\n`;
  return `${fields.join('')}${message}\n`;
};

const each = (print: Printer) => (lines: readonly LogLine[]) => lines.map(print).join('');

const dmesgJson = (lines: readonly LogLine[]) => {
  const objects = lines.map(
    (line) =>
      `{\n         "fac": "${facilityNames[line.priority! >> 3]}",\n` +
      `         "pri": "${levelNames[line.priority! & 7]}",\n` +
      `         "time": ${seconds(line.timestampUs!)},\n` +
      `         "msg": ${JSON.stringify(line.text)}\n      }`,
  );
  return `{\n   "dmesg": [\n      ${objects.join(',')}\n   ]\n}\n`;
};

/** A whole log by format, and what the format keeps of a line's times. */
export const printers: Record<
  string,
  { print: (lines: readonly LogLine[]) => string; boot?: number; wall?: number }
> = {
  dmesg: { print: each(dmesg((line) => `${stamp(line)} `)), boot: 1 },
  'dmesg-T': { print: each(dmesg((line) => `${ctime(line)} `)), wall: 1e6 },
  'dmesg-x': { print: each(dmesg((line) => `${decoded(line)}${stamp(line)} `)), boot: 1 },
  'dmesg-r': { print: each(dmesg((line) => `<${line.priority}>${stamp(line)} `)), boot: 1 },
  'dmesg-iso': {
    print: each(dmesg((line) => `${isoSecond(line)},${micro(line)}+00:00 `)),
    wall: 1,
  },
  'dmesg-x-json': { print: dmesgJson, boot: 1 },
  'journal-short': {
    print: each(journal((line) => `${month(line)} ${day(line)} ${clock(line)}`)),
    wall: 1e6,
  },
  'journal-short-precise': {
    print: each(journal((line) => `${month(line)} ${day(line)} ${clock(line)}.${micro(line)}`)),
    wall: 1,
  },
  'journal-short-iso': { print: each(journal((line) => `${isoSecond(line)}+0000`)), wall: 1e6 },
  'journal-short-iso-precise': {
    print: each(journal((line) => `${isoSecond(line)}.${micro(line)}+00:00`)),
    wall: 1,
  },
  'journal-short-full': {
    print: each(journal((line) => `${weekday(line)} ${isoSecond(line).replace('T', ' ')} UTC`)),
    wall: 1e6,
  },
  'journal-short-unix': {
    print: each(
      journal((line) => `${Math.floor((bootUs + line.timestampUs!) / 1e6)}.${micro(line)}`),
    ),
    wall: 1,
  },
  'journal-short-monotonic': { print: each(journal(stamp)), boot: 1 },
  'journal-json': { print: each(journalJson), boot: 1, wall: 1 },
  'journal-export': { print: each(journalExport), boot: 1, wall: 1 },
  'syslog-rfc3164': {
    print: each(
      rsyslog((line) => `${month(line)} ${day(line)} ${clock(line)} node1 kernel: ${stamp(line)} `),
    ),
    boot: 1,
    wall: 1e6,
  },
  'syslog-iso': {
    print: each(
      rsyslog((line) => `${isoSecond(line)}.${micro(line)}+00:00 node1 kernel: ${stamp(line)} `),
    ),
    boot: 1,
    wall: 1,
  },
  'syslog-rfc5424': {
    print: each(
      rsyslog(
        (line) =>
          `<${line.priority}>1 ${isoSecond(line)}.${micro(line)}Z node1 kernel - - [a b="c\\]"] ${stamp(line)} `,
      ),
    ),
    boot: 1,
    wall: 1,
  },
};
