import {
  isKillLine,
  killedProcess,
  type OomLine,
  understands,
  unescapeText,
} from '@oomwatcher/oom';
import { expect, test } from 'vitest';
import { linesOf, user } from './support/run.ts';

const text =
  'Memory cgroup out of memory: Killed process 7 (a) total-vm:9000kB, anon-rss:800kB, file-rss:0kB, shmem-rss:0kB, UID:33 pgtables:40kB oom_score_adj:5';
const [kernels] = linesOf(text) as [OomLine];
const [forged] = linesOf(user(text)) as [OomLine];

test('a line that user space wrote is no kill line, whatever its words', () => {
  expect(isKillLine(kernels)).toBe(true);
  expect(isKillLine(forged)).toBe(false);
  expect(killedProcess(kernels)).toEqual({
    pid: 7,
    name: 'a',
    uid: 33,
    oomScoreAdj: 5,
    totalVmKiB: 9000,
  });
  expect(killedProcess(forged)).toBeUndefined();
});

test('what is no line of the OOM killer is not taken for understood', () => {
  expect(understands(text)).toBe(true);
  expect(understands('oom_kill_disable is set')).toBe(false);
});

test('an escape is undone once, and half of one stays', () => {
  expect(unescapeText(String.raw`a\x5cx2db \x0`)).toBe(String.raw`a\x2db \x0`);
});
