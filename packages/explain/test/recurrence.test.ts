import { workloadKey } from '@oomwatcher/oom';
import { expect, test } from 'vitest';
import { hostileName, invisible } from '../../oom/test/support/kills.js';
import { type RecurrenceCounts, recurrenceWords, workloadWords } from '../src/recurrence.js';

const checkout = { kind: 'deployment', namespace: 'shop', name: 'checkout' };
const words = (counts: Partial<RecurrenceCounts>) =>
  recurrenceWords({ workload: checkout, nth: 1, isToday: true, ...counts });

test.each<[string, Partial<RecurrenceCounts>]>([
  ['1st kill of deployment shop/checkout today', {}],
  ['1st kill of deployment shop/checkout today, none yesterday', { yesterday: 0 }],
  [
    '9th kill of deployment shop/checkout today, every 4 min, yesterday 3',
    { nth: 9, everyMs: 241_000, yesterday: 3 },
  ],
  ['22nd kill of deployment shop/checkout today, every 40 s', { nth: 22, everyMs: 40_400 }],
  ['2nd kill of deployment shop/checkout today, every 5 h', { nth: 2, everyMs: 5 * 3_600_000 }],
  [
    '13th kill of deployment shop/checkout that day, every second or less, the day before 1',
    { nth: 13, everyMs: 12, yesterday: 1, isToday: false },
  ],
  [
    'kill 1000 or later of deployment shop/checkout today, yesterday 1000 or more',
    { nth: 1000, atLeast: true, yesterday: 1000, yesterdayAtLeast: true },
  ],
])('%s', (text, counts) => {
  expect(words(counts)).toBe(text);
});

test('whatever a workload is called, nothing of it is obeyed', () => {
  expect(words({ workload: { kind: 'process', name: hostileName } })).not.toMatch(invisible);
});

test('an id is as short as people write it', () => {
  expect(workloadWords({ kind: 'container', name: 'c0ffee'.repeat(10) })).toBe(
    'container c0ffeec0ffee',
  );
});

test.each([checkout, { kind: 'unit', name: 'nginx.service' }, { kind: 'cgroup', name: '/a b' }])(
  'what is shown of $kind is what history finds it by',
  (workload) => expect(workloadWords(workload)).toBe(workloadKey(workload)),
);
