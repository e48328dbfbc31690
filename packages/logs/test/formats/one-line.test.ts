import { describe, expect, it } from 'vitest';
import { compressionOf, isKernelLine, type LogLine, LogReader } from '../../src/index.js';
import { bytesOf, readLog } from './support/read.js';

const noon = Date.UTC(2026, 10, 23, 12, 0, 0) * 1000;
const clock = { writtenUs: noon + 3600e6, utcOffsetMinutes: 0 };

/** Forms of lines that no tool here prints. */
const lines: [string, Partial<LogLine>][] = [
  [
    '6,1,2;text of kernel 3.5',
    { seq: 1n, priority: 6, timestampUs: 2, text: 'text of kernel 3.5' },
  ],
  ['4,7,12,c,caller=T12,more=x;,task=a', { flag: 'c', caller: 'T12', text: ',task=a' }],
  ['6,7,12,-,new=1,caller=C3;a;b', { caller: 'C3', text: 'a;b' }],
  ['30,7,12,-;systemd-oomd[1]: Killed x', { priority: 30, text: 'systemd-oomd[1]: Killed x' }],
  ['6,7,12,-;cut in an escape \\x0', { text: 'cut in an escape \\x0' }],
  ['[    1.000000][   T12] console', { timestampUs: 1e6, caller: 'T12', text: 'console' }],
  ['[    1.000000] [    C1] dmesg', { caller: 'C1', text: 'dmesg' }],
  ['[    1.000000] [ 1234]     0  1234', { timestampUs: 1e6, text: '[ 1234]     0  1234' }],
  ['[    1.000000]  two blanks', { text: ' two blanks' }],
  ['[ 2187.067915 <    0.000123>] delta', { timestampUs: 2187067915, text: 'delta' }],
  ['[<    0.000123>] delta alone', { text: 'delta alone' }],
  ['[Nov23 12:00] reltime', { text: 'reltime' }],
  ['[  +0.000123] reltime', { text: 'reltime' }],
  ['[Mo Nov 23 12:00:00 2026] German', { wallTimeUs: noon, text: 'German' }],
  ['[lun. nov. 23 12:00:00 2026] French', { text: 'French' }],
  ['<3>[    1.000000] /proc/kmsg', { timestampUs: 1e6, text: '/proc/kmsg' }],
  ['<30>[    1.000000] user', { priority: 30, text: 'user' }],
  ['local7:debug : [    1.000000] dmesg -x', { priority: 191, text: 'dmesg -x' }],
  ['Nov  3 12:00:00 h kernel: day of one digit', { text: 'day of one digit' }],
  ['Nov 23 12:00:00 h kernel:[    1.000000] no blank', { timestampUs: 1e6, text: 'no blank' }],
  ['Nov 23 12:00:00 h kernel: [drm] a bracket', { text: '[drm] a bracket' }],
  ['Nov 23 12:00:00 h kern.warn kernel: [    1.000000] busybox', { priority: 4, text: 'busybox' }],
  ['<4>Nov 23 12:00:00 h kernel: with priority', { priority: 4, text: 'with priority' }],
  [
    '<30>Nov 23 12:00:00 h earlyoom[812]: sending',
    { priority: 30, source: 'earlyoom', text: 'sending' },
  ],
  ['Nov 23 12:00:00 h kernel[9]: a process', { source: 'kernel', text: 'a process' }],
  ['Nov 23 12:00:00 h CRON[1]: (root) CMD (x: y)', { source: 'CRON', text: '(root) CMD (x: y)' }],
  ['Nov 23 12:00:00 h kernel: stats:#012anon 1#012file#033', { text: 'stats:\nanon 1\nfile\x1b' }],
  ['2026-11-23T12:00:00.5Z h kernel: half', { wallTimeUs: noon + 500_000, text: 'half' }],
  ['2026-11-23T12:00:00-05:30 h kernel: west', { wallTimeUs: noon + 5.5 * 3600e6, text: 'west' }],
  ['<3>1 - h kernel - - - no time', { priority: 3, text: 'no time' }],
  ['<3>1 2026-11-23T12:00:00Z h kernel - - - \xef\xbb\xbfBOM', { wallTimeUs: noon, text: 'BOM' }],
  [
    '<30>1 2026-11-23T12:00:00Z h earlyoom 9 id [a b="\\]"][c] t',
    { source: 'earlyoom', text: 't' },
  ],
  [
    'Mon 2026-11-23 12:00:00 CET h kernel: a zone by name',
    { wallTimeUs: noon, text: 'a zone by name' },
  ],
  ['{"pri":30,"time":1.000000,"msg":"m"}', { priority: 30, timestampUs: 1e6, text: 'm' }],
  ['{"_TRANSPORT":"kernel","PRIORITY":"3","MESSAGE":"old journald"}', { priority: 3 }],
  [
    '{"_TRANSPORT":"syslog","SYSLOG_FACILITY":"0","PRIORITY":"3","MESSAGE":"m"}',
    { source: 'unknown' },
  ],
  ['{"SYSLOG_IDENTIFIER":"x","MESSAGE":["one","two"]}', { source: 'x', text: 'one' }],
  [
    '{"SYSLOG_IDENTIFIER":"x","MESSAGE":"\\u00e9\\ud83d\\ude00\\n"}',
    { source: 'x', text: '\xc3\xa9\xf0\x9f\x98\x80\n' },
  ],
  [
    '{"SYSLOG_IDENTIFIER":"x","MESSAGE":"a","N":null,"O":{"p":[]},"A":[]}',
    { source: 'x', text: 'a' },
  ],
  ['\x1e{"SYSLOG_IDENTIFIER":"x","MESSAGE":"json-seq"}', { source: 'x', text: 'json-seq' }],
  ['\0[    1.000000] after a NUL', { timestampUs: 1e6, text: 'after a NUL' }],
];

it.each(lines)('%s', (line, expected) => {
  const read = readLog(`${line}\n`, clock).lines;
  expect(read).toHaveLength(1);
  expect(read[0]).toMatchObject(expected);
  expect(read[0]!.source).toBe(expected.source);
});

describe('a line is from the kernel', () => {
  const kernel = (line: string) => readLog(`${line}\n`).lines.map(isKernelLine);

  it.each([
    'Nov 23 12:00:00 h kernel: t',
    '{"_TRANSPORT":"kernel","SYSLOG_FACILITY":"0","PRIORITY":"3","MESSAGE":"m"}',
  ])('%s', (line) => expect(kernel(line)).toEqual([true]));

  it.each([
    '12,1,2,-;forged',
    'user  :warn  : [    1.000000] forged',
    'Nov 23 12:00:00 h kernel[1]: forged',
    '<12>Nov 23 12:00:00 h kernel: forged',
    '{"_TRANSPORT":"kernel","SYSLOG_FACILITY":"1","PRIORITY":"3","SYSLOG_IDENTIFIER":"kernel","MESSAGE":"m"}',
    '{"_TRANSPORT":"syslog","SYSLOG_FACILITY":"0","PRIORITY":"3","SYSLOG_IDENTIFIER":"kernel","MESSAGE":"m"}',
  ])('not: %s', (line) => expect(kernel(line)).toEqual([false]));
});

it.each([
  ['{"pri":30,"time":1.000000,"msg":"m"}', 'dmesg-json', false],
  ['{"fac":"kern","pri":"err","time":1.000000,"msg":"m"}', 'dmesg-x-json', true],
  ['{"dmesg":[{"pri":3,"time":1.000000,"msg":"m"}]}', 'dmesg-json', false],
  ['{"_TRANSPORT":"kernel","PRIORITY":"3","MESSAGE":"m"}', 'journal-json', true],
  ['<3>[    1.000000] m', 'dmesg-r', false],
  ['<3>Nov 23 12:00:00 h kernel: m', 'syslog-rfc3164', false],
])('%s is %s and vouches for its priority: %s', (line, format, vouches) => {
  expect(readLog(`${line}\n`)).toMatchObject({ format, hasPriority: vouches });
});

describe('a wall time is never guessed', () => {
  const time = (line: string, options = {}) => readLog(`${line}\n`, options).lines[0]?.wallTimeUs;
  const syslog = 'Nov 23 12:00:00 h kernel: t';

  it('without a year', () => expect(time(syslog, { utcOffsetMinutes: 0 })).toBeUndefined());
  it('without a zone', () => expect(time(syslog, { writtenUs: noon })).toBeUndefined());
  it('in a zone that is known by name only', () =>
    expect(time('Mon 2026-11-23 12:00:00 CET h kernel: t')).toBeUndefined());
  it('of local time', () =>
    expect(time(syslog, { writtenUs: noon, utcOffsetMinutes: 60 })).toBe(noon - 3600e6));
  it('of a date later in the year than the file: it was last year', () =>
    expect(time('Dec 31 23:59:59 h kernel: t', clock)).toBe(
      Date.UTC(2025, 11, 31, 23, 59, 59) * 1000,
    ));
  it('of a date up to a day later than the file: clocks differ', () =>
    expect(time('Nov 24 10:00:00 h kernel: t', clock)).toBe(noon + 22 * 3600e6));
});

describe('loss in raw kmsg', () => {
  const record = (seq: number, text: string) => `6,${seq},${seq}000,-;${text}\n`;

  it('is counted where numbers are missing', () => {
    const { lines: read, stats } = readLog(record(5, 'a') + record(6, 'b') + record(10, 'c'));
    expect(read.map((line) => line.lostBefore)).toEqual([undefined, undefined, 3]);
    expect(stats.lost).toBe(3);
  });

  it('is reported with the next line that is wanted', () => {
    const log = record(1, 'a') + record(4, 'b') + record(6, 'c') + record(7, 'Killed process 1');
    const { lines: read } = readLog(log, { headlines: [{ bytes: 'Killed process' }] });
    expect(read).toMatchObject([{ seq: 7n, lostBefore: 3 }]);
  });

  it('is not what another boot begins with', () => {
    const { lines: read, stats } = readLog(record(9, 'a') + record(0, 'b') + record(1, 'c'));
    expect(read.map((line) => line.restarted)).toEqual([undefined, true, undefined]);
    expect(stats.lost).toBe(0);
  });
});

it('a line comes out as soon as the next one has begun', () => {
  const reader = new LogReader();
  const log = Array.from({ length: 40 }, (_, i) => `[    1.0000${i + 10}] line ${i}\n`);
  expect(reader.push(bytesOf(log.slice(0, 31).join('')))).toEqual([]);
  expect(reader.push(bytesOf(log[31]!))).toHaveLength(31);
  expect(reader.push(bytesOf(log[32]!)).map((line) => line.text)).toEqual(['line 31']);
  expect(reader.end().map((line) => line.text)).toEqual(['line 32']);
});

it('compressed files are known by their first bytes', () => {
  expect(compressionOf(Uint8Array.of(0x1f, 0x8b, 8))).toBe('gzip');
  expect(compressionOf(Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 4))).toBe('zstd');
  expect(compressionOf(Uint8Array.of(0x28, 0xb5, 0x2f))).toBeUndefined();
  expect(compressionOf(Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a))).toBe('xz');
  expect(compressionOf(Buffer.from('BZh9'))).toBe('bzip2');
  expect(compressionOf(Buffer.from('BZh:'))).toBeUndefined();
  expect(compressionOf(new Uint8Array(0))).toBeUndefined();
});
