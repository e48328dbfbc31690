import { describe, expect, test } from 'vitest';
import { families } from '../../../oom/src/lines/index.js';
import { beginsWithWords, invoked, isWhole, wordsAt } from '../../src/formats/kernel-words.js';

/** Too short, or too much like others' words, to be known outside a report: the report's window finds them. */
const onlyInReports = new Set(['memory-stat', 'free-list', 'node-memory']);

/** What the kernel prints around a report and oom reads nothing from. */
const besideTheReport = ['Mem-Info:', 'Call Trace:', 'Hardware name: QEMU'];

const samples = families
  .filter(({ type }) => !onlyInReports.has(type))
  .map(({ type, sample }): [string, string] => [type, sample]);

describe('what oom understands, any form of log finds', () => {
  test.each(samples)('%s: behind a prefix that nobody knows', (_type, sample) => {
    const isInvoke = sample.includes(invoked);
    expect(beginsWithWords(sample) || isInvoke).toBe(true);
    const prefix = 'web-7 | <4> ';
    if (!isInvoke) expect(wordsAt(prefix + sample)).toBe(prefix.length);
  });

  test.each(samples)('%s: whole, and not once a break has cut it', (type, sample) => {
    expect(isWhole(sample)).toBe(true);
    // The reason of a panic may be any text; a task's row and a CPU line end in names.
    if (['panic', 'stack'].includes(type)) return;
    expect(isWhole(sample.slice(0, sample.length / 2))).toBe(false);
  });

  test.each(besideTheReport)('%s: as a line of a report', (line) => {
    expect(beginsWithWords(line)).toBe(true);
  });

  test.each([...onlyInReports])('%s: not outside a report', (type) => {
    const sample = families.find((family) => family.type === type)?.sample;
    expect(beginsWithWords(String(sample))).toBe(false);
  });
});
