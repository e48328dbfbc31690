import { describe, expect, it } from 'vitest';
import { isKernelLine, type LogFormat } from '../../src/index.js';
import { fixture, readLog } from './support/read.js';

/**
 * One memory cgroup kill on Linux 6.18, of a process whose name holds a newline, a byte that is not UTF-8 and an `é`,
 * in a cgroup with a systemd escape, then two lines that root wrote into the log; as util-linux 2.38.1 and systemd 252
 * printed them at that time.
 */
const name = '6.18-hostile-name';

/** The records by the kernel's own documentation (Documentation/ABI/testing/dev-kmsg), read by other means. */
const records = fixture(`${name}.kmsg`)
  .toString('latin1')
  .split('\n')
  .filter((line) => /^\d/.test(line))
  .map((line) => {
    const [, priority, seq, us, text] = line.match(/^(\d+),(\d+),(\d+),[^;]*;(.*)$/)!;
    const decoded = text!.replace(/\\x(..)/g, (_, hex) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    return { priority: Number(priority), seq: BigInt(seq!), us: Number(us), text: decoded };
  });
const ofKernel = records.filter((record) => record.priority < 8);

it('the fixture holds what it is for', () => {
  expect(ofKernel.filter(({ text }) => text.includes('(a\nb\xff \xc3\xa9)'))).toHaveLength(1);
  expect(records.filter(({ text }) => text.includes('(forged)'))[0]?.priority).toBe(12);
  expect(records.some(({ text }) => text.includes('task_memcg=/oomwatcher-fmt/a\\x2db,'))).toBe(
    true,
  );
});

it('raw kmsg', () => {
  const { lines, stats, hasPriority } = readLog(fixture(`${name}.kmsg`));
  const expected = records.map(({ priority, seq, us, text }) => ({
    ...{ priority, seq, timestampUs: us, text, flag: '-' },
  }));
  expect(lines).toEqual(expected);
  expect(hasPriority).toBe(true);
  expect(stats).toMatchObject({
    kernelLines: ofKernel.length,
    otherLines: 4,
    lost: 0,
    rejected: 0,
  });
});

describe('dmesg', () => {
  it.each<[string, LogFormat]>([
    ['dmesg.txt', 'dmesg'],
    ['dmesg-T.txt', 'dmesg-T'],
    ['dmesg-x.txt', 'dmesg-x'],
    ['dmesg-r.txt', 'dmesg-r'],
    ['dmesg-iso.txt', 'dmesg-iso'],
    ['dmesg-colour.txt', 'dmesg'],
    ['dmesg-C.txt', 'dmesg'],
    ['dmesg-json.txt', 'dmesg-json'],
    ['dmesg-x-json.txt', 'dmesg-x-json'],
  ])('%s has every text', (file, format) => {
    const read = readLog(fixture(`${name}.${file}`));
    expect(read.format).toBe(format);
    expect(read.lines.map((line) => line.text)).toEqual(records.map((record) => record.text));
    expect(read.stats.rejected).toBe(0);
    if (format !== 'dmesg-T' && format !== 'dmesg-iso') {
      expect(read.lines.map((line) => line.timestampUs)).toEqual(records.map(({ us }) => us));
    }
  });

  it.each(['dmesg-x.txt', 'dmesg-x-json.txt'])('%s recognises forged lines', (file) => {
    const read = readLog(fixture(`${name}.${file}`));
    expect(read.hasPriority).toBe(true);
    expect(read.lines.map((line) => line.priority)).toEqual(
      records.map(({ priority }) => priority),
    );
  });

  /** util-linux 2.38.1 prints the forged line's 12 as 5: no number below 8 may pass for the kernel's own. */
  it.each(['dmesg-r.txt', 'dmesg-json.txt'])('%s does not vouch for a forged line', (file) => {
    const read = readLog(fixture(`${name}.${file}`));
    expect(fixture(`${name}.${file}`).toString('latin1')).toMatch(
      /<5>.*forged|"pri": 5,[^}]*forged/,
    );
    expect(read.hasPriority).toBe(false);
    expect(read.lines.every((line) => line.priority === undefined)).toBe(true);
  });

  it('--force-prefix repeats the prefix within a name, which is put together', () => {
    const read = readLog(fixture(`${name}.dmesg-p.txt`));
    // The beginning of the first line's name is there by itself, too: nothing says what it is before the next line.
    expect(read.lines.map((line) => line.text).filter((text) => text !== 'a')).toEqual(
      records.map((record) => record.text),
    );
  });

  it('-t gives lines of text, and the kill with its whole name', () => {
    const read = readLog(fixture(`${name}.dmesg-t.txt`));
    expect(read.format).toBe('dmesg-t');
    const kill = records.find(({ text }) => text.includes('Killed process'))!;
    expect(read.lines.map((line) => line.text)).toContain(kill.text);
  });
});

/** What root writes into the kernel's log comes out of journald with the identifier that it begins with. */
const identifier = /^([a-z-]+)(\[\d+\])?: /;

describe('journalctl', () => {
  const messages = records.map(({ priority, text }) =>
    priority < 8 ? text : text.replace(identifier, ''),
  );

  it.each<[string, LogFormat]>([
    ['journal-json.txt', 'journal-json'],
    ['journal.export', 'journal-export'],
  ])('%s has every text and every origin', (file, format) => {
    const read = readLog(fixture(`${name}.${file}`));
    expect(read.format).toBe(format);
    expect(read.hasPriority).toBe(true);
    expect(read.lines.map((line) => line.text)).toEqual(messages);
    expect(read.lines.map((line) => line.priority)).toEqual(
      records.map(({ priority }) => priority),
    );
    expect(read.lines.map((line) => line.timestampUs)).toEqual(records.map(({ us }) => us));
    expect(read.lines.filter(isKernelLine)).toHaveLength(ofKernel.length);
    expect(read.lines.at(-3)).toMatchObject({ source: 'kernel', priority: 12 });
    expect(read.lines.at(-2)).toMatchObject({ source: 'systemd-oomd', priority: 30 });
    expect(new Set(read.lines.map((line) => line.bootId)).size).toBe(1);
  });

  it.each<[string, LogFormat]>([
    ['short', 'journal-short'],
    ['short-precise', 'journal-short-precise'],
    ['short-iso', 'journal-short-iso'],
    ['short-iso-precise', 'journal-short-iso-precise'],
    ['short-full', 'journal-short-full'],
    ['short-unix', 'journal-short-unix'],
    ['short-monotonic', 'journal-short-monotonic'],
    ['short-nohost', 'journal-short'],
  ])('-o %s counts what it withholds', (file, format) => {
    const read = readLog(fixture(`${name}.journal-${file}.txt`));
    const shown = records.flatMap(({ text }, index) =>
      /[\x00-\x08\x0e-\x1f\xff]/.test(text) ? [] : [messages[index]],
    );
    expect(read.format).toBe(format);
    expect(read.lines.map((line) => line.text)).toEqual(shown);
    expect(read.stats.withheld).toBe(records.length - shown.length);
    expect(read.stats.withheld).toBeGreaterThan(2);
    expect(read.lines.at(-2)).toMatchObject({ source: 'systemd-oomd' });
    expect(read.lines.some((line) => line.priority !== undefined)).toBe(false);
  });

  it('--all prints every byte, with later lines indented', () => {
    const read = readLog(fixture(`${name}.journal-short-a.txt`));
    expect(read.lines.map((line) => line.text)).toEqual(messages);
    expect(read.stats.withheld).toBe(0);
  });
});
