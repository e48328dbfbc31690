import { expect, test } from 'vitest';
import { amended, amendmentOf } from '../src/amendment.js';
import type { Kill } from '../src/kill.js';
import { bareKill, wholeKill } from './support/kills.js';

const { id } = bareKill;

test.each<[string, Kill, Kill]>([
  ['a kill of which nothing was known', bareKill, { ...wholeKill, id }],
  ['a group that grew', wholeKill, { ...wholeKill, group: { id, size: 26, cgroup: '/pod/app' } }],
  ['one field of many', wholeKill, { ...wholeKill, victim: { ...wholeKill.victim!, uid: 1 } }],
  ['a shorter table', wholeKill, { ...wholeKill, tasks: [] }],
])('an amendment does not leave %s as it was', (_, reported, now) => {
  const amendment = amendmentOf(reported, now)!;
  expect(amendment.id).toBe(id);
  expect(amended(reported, JSON.parse(JSON.stringify(amendment)))).toEqual(now);
});

test('nothing is amended where nothing is different', () => {
  expect(amendmentOf(wholeKill, { ...wholeKill })).toBeUndefined();
});
