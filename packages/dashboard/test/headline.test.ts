import { expect, test } from 'vitest';
import { headline } from '../src/page/headline.js';

const noon = new Date(2026, 10, 24, 12).getTime();
const workload = { kind: 'deployment', namespace: 'shop', name: 'checkout' };
const newest = (nth: number, everyMs: number) => ({
  row: 7,
  name: 'java',
  timeMs: noon,
  recurrence: { workload, nth, isToday: true, everyMs, yesterday: 3 },
});

test('says that it goes on only until the next kill is overdue', () => {
  const often = (afterMs: number, nth = 9, everyMs = 240_000) =>
    headline({ newest: newest(nth, everyMs) }, noon + afterMs).often;
  expect(often(100_000)).toBe(
    '9th kill of deployment shop/checkout today, every 4 min, yesterday 3. It is still going on.',
  );
  expect(often(500_000)).not.toContain('going on');
  expect(often(50_000, 9, 100), 'a storm may pause').toContain('going on');
  expect(often(100_000, 2), 'twice is no series').not.toContain('going on');
});

test('a day later it does not speak of today', () => {
  const { sentence, often } = headline({ newest: newest(9, 240_000) }, noon + 86_400_000);
  expect(sentence).toBe('java was killed 24 hours ago.');
  expect(often).toMatch(/that day, every 4 min, the day before 3\.$/);
});

test('where nothing is known nothing is invented', () => {
  expect(headline({ newest: undefined }, noon)).toEqual({
    sentence: 'No kill on this node yet.',
    often: undefined,
  });
  const { recurrence: _, name: __, ...bare } = newest(1, 0);
  const said = headline({ newest: { ...bare, name: undefined, recurrence: undefined } }, noon);
  expect(said).toEqual({
    sentence: 'A process whose line was lost was killed just now.',
    often: undefined,
  });
});
