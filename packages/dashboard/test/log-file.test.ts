import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { capture } from '../../agent/test/support/captures.js';
import { explainFile } from '../src/page/log-file.js';

const file = (name: string) => new File([readFileSync(capture(name))], name);

test('each kill of a file has the kernel’s lines about it, a group’s the report of the first', async () => {
  const { kills, report } = await explainFile(file('6.1.0-56--c-group'), () => {});
  expect(kills).toHaveLength(5);
  for (const kill of kills) {
    const { lines = [] } = report(kill) ?? {};
    expect(lines[0]).toMatch(/invoked oom-killer/);
    expect(lines.some((line) => line.endsWith('Call Trace:'))).toBe(true);
    expect(lines.at(-1)).toContain(`Killed process ${kill.victim?.pid} `);
  }
});

test('the lines of a file with very many kills are not all kept, the kills are', async () => {
  const bounds = { maxReportCharacters: 10_000 };
  const { kills, report } = await explainFile(file('6.1.0-56--f-storm'), () => {}, bounds);
  const kept = kills.filter((kill) => report(kill) !== undefined).length;
  expect(kept).toBeGreaterThan(0);
  expect(kept).toBeLessThan(kills.length);
});

test('a file without a line is refused with what it should be', async () => {
  const empty = new File([], 'empty');
  await expect(explainFile(empty, () => {})).rejects.toThrow(/^empty is no log.*dmesg, journalctl/);
});

test('lines that are not understood are counted, and the first has its number, also in a gzip', async () => {
  const ordinary = '<6>[    1.000000] usb 1-1: new device\n'.repeat(20_000);
  const unknown = '<3>[    2.000000] Killed process 12 (java) for its colour\n';
  const text = ordinary + unknown + ordinary + unknown;
  for (const content of [Buffer.from(text), gzipSync(text)]) {
    const explained = await explainFile(new File([content], 'some.log'), () => {});
    expect(explained).toMatchObject({ notUnderstood: 2, notUnderstoodLine: 20_001 });
  }
  const whole = await explainFile(file('6.1.0-56--c-group'), () => {});
  expect(whole).toMatchObject({ notUnderstood: 0, notUnderstoodLine: undefined });
});
