import { describe, expect, it } from 'vitest';
import { isKernelLine, type LogLine } from '../../src/index.js';
import { bootId, bootUs, printers } from './support/printers.js';
import { fixture, readLog } from './support/read.js';

const captures = ['6.1-group.kmsg', '4.19-mempolicy.kmsg', '6.18-hostile-name.kmsg'];

/** A year's end may lie between the log and its reader. */
const written = { writtenUs: bootUs + 40 * 86_400e6, utcOffsetMinutes: 0 };
const rounded = (us: number, unit: number) => Math.floor(us / unit) * unit;

function linesOf(capture: string): LogLine[] {
  const { lines, format } = readLog(fixture(capture));
  expect(format).toBe('kmsg');
  return lines.filter(isKernelLine);
}

describe.each(captures)('%s', (capture) => {
  it.each(Object.keys(printers))('printed as %s gives the same lines', (format) => {
    const { print, boot, wall } = printers[format]!;
    const originals = linesOf(capture);
    const read = readLog(print(originals), written);
    expect(read.format).toBe(format);
    expect(read.lines.map((line) => line.text)).toEqual(originals.map((line) => line.text));
    expect(read.stats).toMatchObject({ rejected: 0, otherLines: 0, kernelLines: originals.length });
    for (const [index, line] of read.lines.entries()) {
      const us = originals[index]!.timestampUs!;
      expect(line.timestampUs).toBe(boot && us);
      expect(line.wallTimeUs).toBe(wall && rounded(bootUs + us, wall));
      expect(isKernelLine(line)).toBe(true);
      if (read.hasPriority) expect(line.priority).toBe(originals[index]!.priority);
      if (format === 'journal-json' || format === 'journal-export')
        expect(line.bootId).toBe(bootId);
    }
  });

  it.each(Object.keys(printers))('in CRLF as %s gives the same lines', (format) => {
    if (format === 'journal-export') return;
    const originals = linesOf(capture);
    const log = printers[format]!.print(originals).replaceAll('\n', '\r\n');
    expect(readLog(log).lines.map((line) => line.text)).toEqual(originals.map((line) => line.text));
  });

  it('without times is read as plain text', () => {
    const texts = linesOf(capture).map((line) => line.text.replace(/[^\x20-\x7e]/g, '?'));
    const read = readLog(`${texts.join('\n')}\n`);
    expect(read.format).toBe('dmesg-t');
    expect(read.lines.map((line) => line.text)).toEqual(texts.filter((text) => text !== ''));
  });
});
