import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isKernelLine, type LogLine, LogReader } from '../../src/index.js';
import { printers } from './support/printers.js';
import { bytesOf, fixture, readLog } from './support/read.js';

const syslog = (source: string, text: string) => `Nov 23 16:00:00 node1 ${source}: ${text}\n`;

/** The rule itself, applied to every line of a machine. `numberOf`: which line of the log it is. */
function selected(
  lines: readonly LogLine[],
  headlines: { bytes: string; opens?: number }[],
  numberOf: (line: LogLine) => number,
) {
  const windowEnds = new Map<string | undefined, number>();
  return lines.filter((line) => {
    const number = numberOf(line);
    const found = headlines.filter(({ bytes }) => line.text.includes(bytes));
    const windowEnd = windowEnds.get(line.stream) ?? -1;
    const wanted = found.length > 0 || (isKernelLine(line) && number <= windowEnd);
    if (isKernelLine(line)) {
      const ends = found.map(({ opens = 0 }) => number + opens);
      windowEnds.set(line.stream, Math.max(windowEnd, ...ends));
    }
    return wanted;
  });
}

const numbered = (line: LogLine) => Number(line.seq);

/** In a log of lines `seq` is an offset. */
const countedIn = (log: string | Uint8Array) => {
  const bytes = typeof log === 'string' ? bytesOf(log) : log;
  return (line: LogLine) =>
    bytes.subarray(0, Number(line.seq)).reduce((count, byte) => count + Number(byte === 0x0a), 0);
};

describe('the lines that headlines select are those of the whole log that the rule selects', () => {
  const pieces = fc.array(
    fc.tuple(
      fc.constantFrom('kernel', 'kernel', 'systemd[1]', 'kernel[7]', 'akernel', 'app'),
      fc.constantFrom(
        'Killed process 1',
        'x invoked oom-killer: y',
        'memory: usage',
        'kernel: z',
        '',
      ),
    ),
    { maxLength: 60 },
  );
  const headlines = [
    { bytes: 'Killed process ', opens: 3 },
    { bytes: 'invoked oom-killer', opens: 7 },
    { bytes: 'sage' },
  ];

  it('in a syslog', () => {
    fc.assert(
      fc.property(pieces, (rows) => {
        const log = rows.map(([source, text]) => syslog(source, text)).join('');
        const whole = readLog(log).lines;
        expect(readLog(log, { headlines }).lines).toEqual(
          selected(whole, headlines, countedIn(log)),
        );
      }),
      { numRuns: 300 },
    );
  });

  it.each(Object.keys(printers))('in %s', (format) => {
    const log = printers[format]!.print(readLog(fixture('6.18-hostile-name.kmsg')).lines);
    const whole = readLog(log).lines;
    const isNumbered = ['kmsg', 'dmesg-json', 'dmesg-x-json', 'journal-export'].includes(format);
    const expected = selected(whole, headlines, isNumbered ? numbered : countedIn(log));
    expect(expected.length).toBeGreaterThan(2);
    expect(readLog(log, { headlines }).lines).toEqual(expected);
  });
});

it('a headline in the second line of a text brings the whole text', () => {
  const log =
    '[    1.000000] x\n[    2.000000] a\n               b invoked oom-killer: c\n[    3.000000] y\n';
  const { lines } = readLog(log, { headlines: [{ bytes: 'invoked oom-killer' }] });
  expect(lines).toEqual([{ seq: 17n, timestampUs: 2_000_000, text: 'a\nb invoked oom-killer: c' }]);
});

it('a report that is over does not keep its window open over the lines of the next hours', () => {
  const log = ['x invoked oom-killer: y', 'row', 'Killed process 1', 'group', 'later', 'much later']
    .map((text) => syslog('kernel', text))
    .join('');
  const { lines } = readLog(log, {
    headlines: [
      { bytes: 'invoked oom-killer', opens: 1000 },
      { bytes: 'Killed process', opens: 1, closes: true },
    ],
  });
  expect(lines.map(({ text }) => text)).toEqual([
    'x invoked oom-killer: y',
    'row',
    'Killed process 1',
    'group',
  ]);
});

it('what user space wrote opens no window', () => {
  const log = syslog('app', 'Killed process 1') + syslog('kernel', 'next');
  const { lines } = readLog(log, { headlines: [{ bytes: 'Killed process', opens: 9 }] });
  expect(lines.map((line) => line.source)).toEqual(['app']);
});

it('a message that journald wrote as an array of bytes is found', () => {
  const { lines } = readLog(fixture('6.18-hostile-name.journal-json.txt'), {
    headlines: [{ bytes: 'Killed process ' }],
  });
  expect(lines.map((line) => line.text.slice(0, 40))).toEqual([
    expect.stringContaining('Memory cgroup out of memory'),
    'Out of memory: Killed process 1 (forged)',
  ]);
});

it('old journald wrote such arrays with blanks', () => {
  const codes = [...Buffer.from('Killed process 1\xff', 'latin1')].join(', ');
  const entry = `{ "_TRANSPORT" : "kernel", "PRIORITY" : "3", "MESSAGE" : [ ${codes} ] }\n`;
  const { lines } = readLog(entry.repeat(2), { headlines: [{ bytes: 'Killed process ' }] });
  expect(lines.map((line) => line.text)).toEqual(['Killed process 1\xff', 'Killed process 1\xff']);
});

it('lines of another format, glued to the log, are read too', () => {
  const log = `${syslog('kernel', 'a').repeat(40)}[    5.000001] Killed process 2\n[    5.000002] more\n`;
  const { lines } = readLog(log, { headlines: [{ bytes: 'Killed process ', opens: 5 }] });
  expect(lines.map((line) => line.text)).toEqual(['Killed process 2', 'more']);
  expect(lines[0]).toMatchObject({
    seq: BigInt(log.indexOf('[    5.0')),
    timestampUs: 5_000_001,
  });
});

it('a headline of no known format is counted', () => {
  const log = `${syslog('kernel', 'a').repeat(3)}x/Killed process 2\n`;
  const { lines, stats } = readLog(log, { headlines: [{ bytes: 'Killed process ' }] });
  expect(lines).toEqual([]);
  expect(stats.rejected).toBe(1);
});

it.each(['abc', 'say "x"', 'back\\slash', 'new\nline', 'caf\xe9'])(
  'a headline that formats write differently is refused: %j',
  (bytes) => {
    expect(() => new LogReader({ headlines: [{ bytes }] })).toThrow(RangeError);
  },
);
