import { BackOff } from '@oomwatcher/journal';
import { expect, test } from 'vitest';
import { Pause } from '../src/pause.js';
import { Problems } from '../src/problems.js';
import { TokenBucket } from '../src/token-bucket.js';

test('a burst passes at once and the rest at the rate', () => {
  const bucket = new TokenBucket(5, 20, 0);
  const waits = Array.from({ length: 30 }, () => bucket.take(0));
  expect(waits.slice(0, 20)).toEqual(Array(20).fill(0));
  expect(waits.slice(20)).toEqual(
    Array.from({ length: 10 }, (_, i) => expect.closeTo((i + 1) * 200)),
  );
  expect(bucket.take(60_000)).toBe(0);
});

test('pauses grow, have a limit, are not in step, and begin anew after a success', () => {
  const backOff = new BackOff(100, 5000);
  const pauses = Array.from({ length: 2000 }, () => backOff.next());
  expect(pauses[0]).toBeLessThanOrEqual(100);
  expect(Math.max(...pauses)).toBeLessThanOrEqual(5000);
  expect(Math.min(...pauses.slice(10))).toBeGreaterThanOrEqual(2500);
  expect(new Set(pauses.slice(10)).size).toBeGreaterThan(1000);
  backOff.reset();
  expect(backOff.next()).toBeLessThanOrEqual(100);
});

test('a pause ends when it is woken, also by a call before it began', async () => {
  const pause = new Pause();
  const { signal } = new AbortController();
  pause.wake();
  await pause.wait(undefined, signal);
  const waiting = pause.wait(undefined, signal);
  pause.wake();
  await waiting;
  const begunMs = performance.now();
  await pause.wait(30, signal);
  expect(performance.now() - begunMs).toBeGreaterThan(25);
});

test('a pause ends with everything', async () => {
  const ending = new AbortController();
  const waiting = new Pause().wait(undefined, ending.signal);
  ending.abort();
  await waiting;
  await new Pause().wait(60_000, ending.signal);
});

test('a trouble is reported once, and its end once, and one that comes and goes every minute', () => {
  const reported: string[] = [];
  let nowMs = 0;
  const problems = new Problems(
    (sentence) => reported.push(sentence),
    undefined,
    () => nowMs,
  );
  problems.end('server', 'well');
  problems.meet('server', 'away');
  problems.meet('server', 'still away');
  expect(problems.current[0]?.sentence).toBe('still away');
  problems.meet('node', 'no such node');
  problems.end('server', 'well');
  problems.end('server', 'well');
  expect(reported).toEqual(['away', 'no such node', 'well']);
  problems.meet('server', 'away');
  problems.end('server', 'well');
  expect(reported).toHaveLength(3);
  expect(problems.current[0]?.sentence).toBe('no such node');
  nowMs = 60_000;
  problems.meet('server', 'away');
  problems.meet('server', 'away');
  expect(reported.slice(3)).toEqual(['away']);
});

test('what two problems have in common is reported once', () => {
  const reported: string[] = [];
  const problems = new Problems((sentence) => reported.push(sentence));
  problems.meet('list', 'not allowed');
  problems.meet('look', 'not allowed');
  problems.end('look', 'well');
  expect(reported).toEqual(['not allowed']);
  problems.end('list', 'well');
  expect(reported).toEqual(['not allowed', 'well']);
});
