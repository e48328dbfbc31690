import { expect, test } from 'vitest';
import { CountedLines } from '../../src/attribution/counted-lines.js';

/** A log that is read to its end twice between any two looks. */
function begun() {
  const log = { dry: 0, hasAll: true };
  const counted = new CountedLines({ timesDry: () => log.dry, hasTakenAll: () => log.hasAll });
  let nowMs = 0;
  /** `kernelKills` stays the same for so long. Returns whether any look found the moment. */
  const pause = (kernelKills: number, forMs: number) => {
    let found = false;
    for (const endMs = nowMs + forMs; nowMs <= endMs; nowMs++) {
      log.dry += 2;
      found ||= counted.agree(kernelKills, nowMs);
    }
    return found;
  };
  return { counted, log, pause };
}

test('a quarter of a second without a kill is such a moment', () => {
  const { pause } = begun();
  expect(pause(7, 240)).toBe(false);
  expect(pause(7, 20)).toBe(true);
});

test('in a storm three pauses of some milliseconds that say the same are', () => {
  const { counted, pause } = begun();
  expect(pause(7, 10)).toBe(false);
  counted.add();
  expect(pause(8, 10)).toBe(false);
  counted.add();
  expect(pause(9, 10)).toBe(true);
});

test('one pause is not, however often it is looked at: a kill may be counted and not yet printed', () => {
  const { pause } = begun();
  for (let looks = 0; looks < 20; looks++) expect(pause(7, 10)).toBe(false);
});

test('two pauses of which the later has one kill fewer on its way show which is right', () => {
  const { counted, pause } = begun();
  expect(pause(7, 10), 'one of seven is not printed').toBe(false);
  counted.add();
  expect(pause(7, 10), 'the same count says nothing new').toBe(false);
  counted.add();
  expect(pause(8, 10)).toBe(true);
});

test('a kill that is on its way at one pause is not taken for none', () => {
  const { counted, pause } = begun();
  pause(7, 10);
  counted.add();
  pause(8, 10);
  // Counted, not yet printed.
  expect(pause(9, 10)).toBe(false);
  counted.add();
  counted.add();
  expect(pause(10, 10)).toBe(true);
});

test('kills without a pause of some milliseconds are no such moment', () => {
  const { counted, pause } = begun();
  for (let kill = 0; kill < 1000; kill++) {
    counted.add();
    expect(pause(kill, 3)).toBe(false);
  }
});

test('nor is a log that was not read to its end since the kill', () => {
  const { counted, log } = begun();
  for (let nowMs = 0; nowMs < 2000; nowMs++) expect(counted.agree(7, nowMs)).toBe(false);
  log.dry += 2;
  log.hasAll = false;
  expect(counted.agree(7, 2000), 'it has not arrived here').toBe(false);
  log.hasAll = true;
  expect(counted.agree(7, 2001)).toBe(true);
});

test('what was seen before a loss does not count with what comes after it', () => {
  const { counted, pause } = begun();
  pause(7, 10);
  counted.add();
  pause(8, 10);
  counted.forget();
  counted.add();
  expect(pause(10, 10)).toBe(false);
});

test('looks become rare where nothing happens', () => {
  const { counted, log } = begun();
  let looks = 0;
  for (let nowMs = 0; nowMs < 60_000; nowMs += Math.max(1, counted.waitMs(nowMs)), looks++) {
    counted.agree(7, nowMs);
  }
  expect(looks).toBeLessThan(300);
  log.dry += 2;
  expect(counted.agree(7, 60_000)).toBe(true);
});
