import { captureName, idsOf, placeKill, timeMsOf } from '@oomwatcher/oom';
import { expect, test } from 'vitest';
import { bareKill } from './support/kills.ts';

const boot = '5d2c1c9e-6a52-4b0c-9f3e-0f0a6f3f7b11';

test('a kill that was reported by its line is found by its process too, and the other way round', () => {
  const victim = { pid: 7, name: 'a', startTicks: 300 };
  const byLine = { ...bareKill, id: `${boot}:9`, bootId: boot, seq: 9, victim };
  const byProcess = { ...byLine, id: `${boot}:p7-300` };
  expect(idsOf(byLine)).toEqual([`${boot}:9`, `${boot}:p7-300`]);
  expect(idsOf(byProcess)).toEqual([`${boot}:p7-300`, `${boot}:9`]);
  expect(idsOf({ ...byLine, victim: { pid: 7, name: 'a' } })).toEqual([`${boot}:9`]);
});

test('the kills of two boots in one capture have no id in common', () => {
  expect([1, 2].map((part) => captureName('capture', part))).toEqual(['capture', 'capture-2']);
});

test('a kill of a log without a clock has the time that stands in', () => {
  expect(timeMsOf({ time: '2026-11-23T16:00:00.123456Z' }, 5)).toBe(1_795_449_600_123);
  expect(timeMsOf({}, 5)).toBe(5);
});

test('a kill that is placed by other means than the log names its container', () => {
  const id = '3f9d0c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e2f41';
  const placed = placeKill(bareKill, `/docker/${id}`, 'counter');
  expect(placed.cgroup).toEqual({ victim: `/docker/${id}`, from: 'counter' });
  expect(placed.container?.id).toBe(id);
});
