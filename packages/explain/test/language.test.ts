import type { Kill } from '@oomwatcher/oom';
import { expect, test } from 'vitest';
import { bareKill, plain, wholeKill } from '../../oom/test/support/kills.js';
import { cellsOf } from '../src/cells.js';
import { chinese } from '../src/chinese.js';
import { english } from '../src/english.js';
import { explain } from '../src/explanation.js';

/** Every sentence without a figure, by its key. */
function sentencesOf(words: object, path = ''): [key: string, sentence: string][] {
  return Object.entries(words).flatMap(([name, value]): [string, string][] => {
    const key = `${path}${name}`;
    if (typeof value === 'string') return [[key, value]];
    return typeof value === 'object' ? sentencesOf(value, `${key}.`) : [];
  });
}

/** What is called so in every language. */
const names = ['paragraph.labels.cgroup', 'paragraph.title'];

test('no sentence of the Chinese is one that was forgotten in English', () => {
  const same = sentencesOf(chinese).filter(([, sentence]) => !/[\p{sc=Han}，]/u.test(sentence));
  expect(same.map(([key]) => key)).toEqual(names);
  expect(sentencesOf(chinese)).toHaveLength(sentencesOf(english).length);
});

const counts = {
  workload: { kind: 'deployment' as const, namespace: 'shop', name: 'checkout' },
  nth: 9,
  isToday: true,
  everyMs: 240_000,
  yesterday: 3,
};

test('a kill is explained in Chinese, each line beneath the one above', () => {
  const lines = explain(wholeKill, plain, counts, chinese).split('\n');
  expect(lines[1]).toMatch(/^ {2}被杀 {7}\S/);
  expect(lines).toContain(
    '  频率       deployment shop/checkout 今天第 9 次 kill，平均每 4 分钟一次，昨天 3 次',
  );
  for (const line of lines.slice(1)) {
    const label = /^ {2}\S* +/.exec(line)?.[0] ?? '';
    expect(cellsOf(label), line).toBe(13);
  }
});

/** Kills of all kinds: what is said of them goes through every sentence with a figure. */
const kinds: Partial<Kill>[] = [
  { scope: 'node' },
  { scope: 'pod', memory: { limitKiB: 1024, usageKiB: 1024 } },
  { scope: 'container', memory: { limitKiB: 1024, usageKiB: 20_480 } },
  { scope: 'slice', missing: 'lost' },
  { scope: 'service', missing: 'withheld', witnessed: true },
  { constraint: 'cpuset' },
  { trigger: { manual: true } },
  { group: { id: 'g', size: 3 } },
  { victim: { pid: 7, name: 'x', tid: 8, uid: 0, mainProcess: false, oomScoreAdj: 3 } },
  {
    scope: 'container',
    memory: { limitKiB: 1024, usageKiB: 1024 },
    memoryStat: {
      anonKiB: 9,
      fileKiB: 900,
      shmemKiB: 500,
      kernelKiB: 400,
      slabKiB: 300,
      socketKiB: 300,
    },
  },
];

test.each(kinds)('nothing of %o is said in English', (kind) => {
  const said = explain({ ...bareKill, ...kind }, plain, counts, chinese);
  expect(said).not.toMatch(/\b(the|of|was|is|its|and|killed|with|in|limit|were)\b/);
  expect(said).not.toMatch(/undefined|null|NaN|\[object/);
});
