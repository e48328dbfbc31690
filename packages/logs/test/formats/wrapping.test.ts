import { describe, expect, it } from 'vitest';
import { printers } from './support/printers.js';
import { fixture, readLog } from './support/read.js';

const lines = readLog(fixture('6.1-group.kmsg')).lines;
const texts = lines.map((line) => line.text);
const stamp = '2026-11-23T16:00:01.123456789Z';

const wrappers: Record<string, (line: string) => string> = {
  'a CRI log file': (line) => `${stamp} stdout F ${line}`,
  'kubectl logs --timestamps': (line) => `${stamp} ${line}`,
  'kubectl logs --prefix': (line) => `[pod/dmesg-x7k2p/reader] ${line}`,
  'kubectl logs --prefix --timestamps': (line) => `[pod/dmesg-x7k2p/reader] ${stamp} ${line}`,
};

describe.each(Object.keys(wrappers))('%s', (name) => {
  it.each(Object.keys(printers).filter((format) => format !== 'journal-export'))(
    'of %s',
    (format) => {
      const inner = printers[format]!.print(lines).trimEnd();
      const log = `${inner.split('\n').map(wrappers[name]!).join('\n')}\n`;
      const read = readLog(log, { utcOffsetMinutes: 0 });
      expect(read.format).toBe(format);
      expect(read.lines.map((line) => line.text)).toEqual(texts);
    },
  );

  it('of plain text', () => {
    const plain = texts.filter((text) => /^[\x20-\x7e]+$/.test(text));
    const read = readLog(`${plain.map(wrappers[name]!).join('\n')}\n`);
    expect(read.lines.map((line) => line.text)).toEqual(plain);
  });
});

it("the wrapper's time is not the line's", () => {
  const { lines: read } = readLog(`${stamp} stdout F [    1.000000] text\n`);
  expect(read).toEqual([{ seq: 0n, timestampUs: 1_000_000, text: 'text' }]);
});

it('a line that the runtime cut in two is one line', () => {
  const log = `${stamp} stdout P [    1.000000] Killed pro\n${stamp} stdout F cess 1\n${stamp} stdout F [    2.000000] b\n`;
  expect(readLog(log).lines.map((line) => line.text)).toEqual(['Killed process 1', 'b']);
});

it('a syslog with ISO dates is not taken for a wrapped log', () => {
  const log = '2026-11-23T16:00:00.123456+00:00 node1 kernel: [    1.000000] text\n';
  expect(readLog(log).format).toBe('syslog-iso');
});
