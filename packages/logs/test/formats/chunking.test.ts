import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printers } from './support/printers.js';
import { fixture, readLog } from './support/read.js';

const lines = readLog(fixture('6.18-hostile-name.kmsg')).lines;
const headlines = [
  { bytes: ' invoked oom-killer:', opens: 20 },
  { bytes: 'Killed process ' },
  { bytes: 'under memory pressure' },
];

const logs: [string, Uint8Array][] = [
  ['kmsg', fixture('6.18-hostile-name.kmsg')],
  ['kmsg with KEY=value lines', fixture('4.19-mempolicy.kmsg')],
  ['coloured', fixture('6.18-hostile-name.dmesg-colour.txt')],
  ['real journal export', fixture('6.18-hostile-name.journal.export')],
  ...Object.entries(printers).map(([format, { print }]): [string, Uint8Array] => [
    format,
    Buffer.from(print(lines), 'latin1'),
  ]),
  ['kubectl', wrapped((line) => `2026-11-23T16:00:00.123456789Z ${line}`)],
  ['CRI', wrapped((line) => `2026-11-23T16:00:00.123456789Z stdout F ${line}`)],
  ['no newline at the end', fixture('6.1-group.kmsg').subarray(0, -1)],
  ['a line over the bound', overBound()],
];

function wrapped(wrap: (line: string) => string): Uint8Array {
  const log = printers.dmesg!.print(lines).trimEnd();
  return Buffer.from(`${log.split('\n').map(wrap).join('\n')}\n`, 'latin1');
}

function overBound(): Uint8Array {
  const log = printers['syslog-rfc3164']!.print(lines);
  const long = `Nov 23 16:00:00 node1 kernel: [    1.000000] a invoked oom-killer:${'x'.repeat(70_000)}\n`;
  const indented = `${' '.repeat(200)}y\n`.repeat(400);
  return Buffer.from(log + long + log + indented + log, 'latin1');
}

/** toEqual() takes longer than the reading of what it compares: it is asked for the words when something differs. */
function expectSame(read: unknown, right: unknown): void {
  if (!isDeepStrictEqual(read, right)) expect(read).toEqual(right);
}

describe.each(logs)('%s', (_, log) => {
  it('is read the same however it is cut into chunks', () => {
    const whole = readLog(log);
    const selected = readLog(log, { headlines });
    expect(whole.lines.length).toBeGreaterThan(selected.lines.length);
    expect(selected.lines.length).toBeGreaterThan(0);
    const sizes = fc.array(
      fc.oneof(
        fc.integer({ min: 1, max: 40 }),
        fc.nat(9000).map((n) => n + 1),
      ),
      {
        minLength: 1,
        maxLength: 12,
      },
    );
    fc.assert(
      fc.property(sizes, (cuts) => {
        expectSame(readLog(log, {}, cuts), whole);
        expectSame(readLog(log, { headlines }, cuts), selected);
      }),
      { numRuns: log.length > 50_000 ? 10 : 30 },
    );
  });

  it('is read the same byte by byte', () => {
    if (log.length > 100_000) return;
    expectSame(readLog(log, { headlines }, [1]), readLog(log, { headlines }));
  });
});
