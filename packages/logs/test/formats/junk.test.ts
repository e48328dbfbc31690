import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { usedBytes } from '../../../../test/support/used-memory.ts';
import { LogReader } from '../../src/index.js';
import { fixture, readLog } from './support/read.js';

const headlines = [{ bytes: 'Killed process ', opens: 5 }];

/** Pieces of every format, so that junk gets past the first byte of each. */
const pieces = fc.array(
  fc.oneof(
    fc.constantFrom(
      ...[
        '{"dmesg": [{',
        '"pri": 6,',
        '"msg": "a',
        '}]',
        '{"MESSAGE":[1,',
        '{"MESSAGE":"\\ud800"',
        '\\u12',
      ],
      ...[
        'MESSAGE\n',
        '__CURSOR=s\n',
        '\xff\xff\xff\xff\xff\xff\xff\xff',
        '6,1,2,-,caller=',
        '6,9,',
      ],
      ...['<6>[', '<14>1 ', '[    1.000000] ', 'kern  :warn  : ', 'Nov 23 16:00:00 h ', 'kernel: '],
      ...[
        '2026-11-23T16:00:00',
        '.123456789Z stdout P ',
        '[pod/',
        '\x1b[31',
        '[Mon Nov',
        'Killed process ',
      ],
      ...['\n', '\r\n', '\0', ' ', '  \t', '[120B blob data]\n', '\x1e{'],
    ),
    fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  ),
  { maxLength: 60 },
);

it('no bytes make it throw', () => {
  fc.assert(
    fc.property(
      pieces,
      fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 5 }),
      (parts, sizes) => {
        const log = parts.join('');
        expect(readLog(log, {}, sizes).lines).toEqual(readLog(log).lines);
        readLog(log, { headlines }, sizes);
      },
    ),
    { numRuns: 2000 },
  );
});

it('every prefix and suffix of a log can be read', () => {
  for (const file of [
    'kmsg',
    'dmesg-json.txt',
    'journal-json.txt',
    'journal.export',
    'dmesg-colour.txt',
  ]) {
    const log = fixture(`6.18-hostile-name.${file}`);
    for (let cut = 1; cut < log.length; cut += 211) {
      readLog(log.subarray(0, cut));
      readLog(log.subarray(cut));
    }
  }
});

it('an empty log has no format', () => {
  expect(readLog('')).toMatchObject({ lines: [], format: undefined, hasPriority: false });
});

it('binary junk has no format and no lines', () => {
  const junk = Uint8Array.from({ length: 100_000 }, (_, at) => (at * 7919) >>> 3);
  expect(readLog(junk)).toMatchObject({ lines: [], format: undefined });
});

it('a log that begins and ends in the middle of a line loses only these', () => {
  const log = fixture('6.18-hostile-name.dmesg-json.txt');
  const whole = readLog(log);
  const part = readLog(log.subarray(250, -120));
  expect(part.format).toBe('dmesg-json');
  expect(part.lines.map((line) => line.text)).toEqual(
    whole.lines.slice(3, -2).map((line) => line.text),
  );
  expect(part.stats.rejected).toBe(1);
});

describe('memory is bounded', () => {
  const chunk = new Uint8Array(1 << 20).fill(0x78);
  const heads = [
    '',
    '[    1.000000] ',
    '{"MESSAGE":"',
    '{\n"dmesg": [ {\n"msg": "',
    'MESSAGE=',
    '\x1b[31m[    1.000000] ',
  ];

  it.each(heads)('by a line of 100 MB that begins with %j', async (head) => {
    const reader = new LogReader();
    const first = `${head}`.padEnd(200, 'x');
    const before = usedBytes();
    const lines = reader.push(Buffer.from(first, 'latin1'));
    for (let megabytes = 0; megabytes < 100; megabytes++) lines.push(...reader.push(chunk));
    lines.push(...reader.push(Buffer.from('\n[    2.000000] next\n')), ...reader.end());
    const { truncated, rejected } = reader.stats;
    expect(lines.every((line) => line.text.length <= 65_536)).toBe(true);
    expect(truncated + rejected).toBeGreaterThan(0);
    // The memory of buffers is given back beside the collection, a moment later.
    await expect.poll(() => usedBytes() - before).toBeLessThan(10e6);
  });

  it('by a field of an export that claims to be as large as can be', () => {
    const reader = new LogReader();
    const lines = reader.push(
      Buffer.from(`__CURSOR=x\n__REALTIME_TIMESTAMP=1\nMESSAGE\n${'\xff'.repeat(8)}`, 'latin1'),
    );
    for (let megabytes = 0; megabytes < 100; megabytes++) lines.push(...reader.push(chunk));
    lines.push(...reader.end());
    expect(lines).toEqual([]);
  });
});

it("an export's length has 64 bits", () => {
  const entry = 'SYSLOG_IDENTIFIER=kernel\nMESSAGE=swallowed\n\n';
  const log = `__CURSOR=x\nMESSAGE\n\x01\0\0\0\x01\0\0\0x\n\n${entry}`;
  expect(readLog(log).lines).toEqual([]);
});

it('a line over 64 KiB is cut and counted', () => {
  const log = `[    1.000000] ${'x'.repeat(70_000)}\n[    2.000000] y\n`;
  const { lines, stats } = readLog(log);
  expect(lines.map((line) => line.text.length)).toEqual([65_536 - 15, 1]);
  expect(stats).toMatchObject({ truncated: 1, rejected: 0 });
});
