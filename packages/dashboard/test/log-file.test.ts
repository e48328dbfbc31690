import { readFileSync } from 'node:fs';
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
