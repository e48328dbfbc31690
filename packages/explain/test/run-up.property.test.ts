import type { Kill } from '@oomwatcher/oom';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type RunUpFact, runUpFacts } from '../src/run-up-facts.js';
import { runUpWords } from '../src/run-up-words.js';
import { beganUs, killAfter, longestGapUs, randomBy, watchedRun } from './support/growth.js';

const mib = 1024;

/** What all generators have: a limit, a sampler, a seed for their noise, and quiet before they begin. */
const setting = fc.record({
  seed: fc.integer(),
  limitKiB: fc.integer({ min: 64 * mib, max: 8192 * mib }),
  everyS: fc.integer({ min: 4, max: 100 }).map((tenths) => tenths / 10),
  quietS: fc.integer({ min: 60, max: 300 }),
  share: fc.integer({ min: 5, max: 50 }).map((percent) => percent / 100),
});
type Setting = typeof setting extends fc.Arbitrary<infer T> ? T : never;

function fact<Kind extends RunUpFact['kind']>(kill: Kill, kind: Kind) {
  const found = runUpFacts(kill).find((each) => each.kind === kind);
  if (found === undefined) throw new Error(`no ${kind}: ${runUpWords(kill).join('; ')}`);
  return found as Extract<RunUpFact, { kind: Kind }>;
}

/** A growth from a plateau of `share` to the limit, and what it was; the noise is a thousandth of the limit. */
function grown({ seed, limitKiB, everyS, quietS, share }: Setting, growS: number, of = 'anonKiB') {
  const random = randomBy(seed);
  const seconds = quietS + growS;
  const base = limitKiB * share;
  const run = watchedRun(
    (at) => ({
      anonKiB: base + random() * limitKiB * 0.001,
      [of]:
        (of === 'anonKiB' ? base : 0) +
        (limitKiB - base) * Math.max(0, (at - quietS) / growS) +
        random() * limitKiB * 0.001,
    }),
    { limitKiB, seconds, everyS, random },
  );
  return { kill: killAfter(run, { limitKiB, seconds }), run, kibPerS: (limitKiB - base) / growS };
}

describe('a leak', () => {
  const growS = fc.integer({ min: 60, max: 280 });

  test('is said with its rate and its time', () => {
    fc.assert(
      fc.property(setting, growS, (with_, seconds) => {
        const { kill, run, kibPerS } = grown(with_, seconds);
        const { kib, us } = fact(kill, 'grew');
        const gapUs = longestGapUs(run, with_.quietS);
        // It may have begun at any moment between two samples.
        const error = Math.abs(kib / (us / 1e6) / kibPerS - 1);
        expect(error).toBeLessThan((1.5 * gapUs) / 1e6 / seconds + 0.02);
        expect(Math.abs(us - seconds * 1e6)).toBeLessThan(2 * gapUs + seconds * 1e6 * 0.02);
        expect(runUpFacts(kill).map(({ kind }) => kind)).not.toContain('jumped');
      }),
      { numRuns: 300 },
    );
  });

  test('into tmpfs is said to be one', () => {
    fc.assert(
      fc.property(setting, growS, (with_, seconds) => {
        const { kill, run, kibPerS } = grown(with_, seconds, 'shmemKiB');
        const { of, kib, us } = fact(kill, 'grew');
        expect(of).toBe('tmpfs');
        const error = Math.abs(kib / (us / 1e6) / kibPerS - 1);
        const gapS = longestGapUs(run, with_.quietS) / 1e6;
        expect(error).toBeLessThan((1.5 * gapS) / seconds + 0.02);
      }),
      { numRuns: 200 },
    );
  });
});

test('a jump is said with its size, within the samples around it and not nearer', () => {
  fc.assert(
    fc.property(setting, (with_) => {
      const { kill } = grown(with_, 0.2);
      const { kib, us, beforeUs } = fact(kill, 'jumped');
      const size = with_.limitKiB * (1 - with_.share);
      expect(kib).toBeGreaterThan(size * 0.45);
      const seen = Math.min(1, (us + beforeUs) / 0.2e6) - Math.min(1, beforeUs / 0.2e6);
      expect(Math.abs(kib - size * seen)).toBeLessThan(with_.limitKiB * 0.01);
      expect(us).toBeLessThanOrEqual(3 * with_.everyS * 1.21e6);
      expect(us + beforeUs).toBeGreaterThanOrEqual(0.1e6);
      expect(runUpFacts(kill).map(({ kind }) => kind)).not.toContain('grew');
    }),
    { numRuns: 300 },
  );
});

test('a saw tooth is counted, and the last tooth is not taken for a growth of minutes', () => {
  fc.assert(
    fc.property(
      setting,
      fc.integer({ min: 30, max: 60 }),
      fc.integer({ min: 3, max: 8 }),
      (with_, periodS, teeth) => {
        const { limitKiB, seed, share } = with_;
        const random = randomBy(seed);
        const seconds = periodS * (teeth + 0.9);
        const everyS = Math.min(with_.everyS, periodS / 10);
        const run = watchedRun(
          (at) => ({ anonKiB: limitKiB * (share / 2 + 0.6 * ((at / periodS) % 1)) }),
          { limitKiB, seconds, everyS, random },
        );
        const kill = killAfter(run, { limitKiB, seconds });
        const { times, lowKiB, highKiB } = fact(kill, 'rose-and-fell');
        // The last fall is where the last growth begins.
        expect(Math.abs(times - teeth)).toBeLessThanOrEqual(1);
        expect(highKiB - lowKiB).toBeGreaterThan(limitKiB * 0.4);
        const grew = runUpFacts(kill).find(({ kind }) => kind === 'grew');
        if (grew?.kind === 'grew') expect(grew.us).toBeLessThan(periodS * 1.2e6);
      },
    ),
    { numRuns: 200 },
  );
});

test('page cache at the limit is said to be what was given up first', () => {
  fc.assert(
    fc.property(setting, fc.integer({ min: 60, max: 250 }), (with_, fullS) => {
      const { limitKiB, quietS, share, everyS, seed } = with_;
      const random = randomBy(seed);
      const seconds = quietS + fullS;
      const base = limitKiB * share;
      const run = watchedRun(
        (at) => ({
          anonKiB: base + (limitKiB - base) * Math.max(0, (at - quietS) / fullS),
          // Read faster than the limit has room: full when the quiet ends.
          cacheKiB: at < quietS ? (limitKiB - base) * 0.8 : limitKiB,
        }),
        { limitKiB, seconds, everyS, random },
      );
      const kill = killAfter(run, { limitKiB, seconds });
      const { us, gaveUpKiB = 0 } = fact(kill, 'at-limit');
      expect(Math.abs(us - fullS * 1e6)).toBeLessThanOrEqual(longestGapUs(run) + 1);
      expect(gaveUpKiB / (limitKiB - base)).toBeGreaterThan(0.8);
      expect(runUpWords(kill)[0]).toMatch(/^at its limit for .*, page cache given up first/);
    }),
    { numRuns: 200 },
  );
});

const ticksAt = (seconds: number) => Math.round((beganUs / 1e6 + seconds) * 100);

test('of a child that grew while its parent was killed the child is named', () => {
  fc.assert(
    fc.property(setting, fc.integer({ min: 30, max: 200 }), (with_, growS) => {
      const { limitKiB, quietS, share, everyS, seed } = with_;
      const random = randomBy(seed);
      const seconds = quietS + growS;
      const base = limitKiB * share;
      const grownKiB = (at: number) => (limitKiB - base) * Math.max(0, (at - quietS) / growS);
      const process = { startTicks: 100, comm: 'parent', pid: 6 };
      const run = watchedRun(
        (at) => ({
          anonKiB: base + grownKiB(at),
          processes: [
            { ...process, pid: 7, comm: 'worker', anonRssKiB: Math.round(1000 + grownKiB(at)) },
            { ...process, anonRssKiB: Math.round(base / 2) },
          ],
        }),
        { limitKiB, seconds, everyS: Math.min(everyS, growS / 4), random },
      );
      const victim = { pid: 6, name: 'parent', startTicks: 100 };
      const kill = killAfter(run, { limitKiB, seconds }, { victim });
      expect(fact(kill, 'other-grew').process).toEqual({ pid: 7, comm: 'worker' });
      expect(runUpWords(kill).join()).toContain('the victim did not grow: worker (pid 7) did');
      const itself = { ...kill, victim: { pid: 7, name: 'worker', startTicks: 100 } };
      expect(fact(itself, 'victim-grew').kib).toBeGreaterThan(0);
      // The number of the worker as another process has it now.
      const later = { ...kill, victim: { pid: 7, name: 'worker', startTicks: 999 } };
      expect(runUpFacts(later).map(({ kind }) => kind)).not.toContain('victim-grew');
    }),
    { numRuns: 200 },
  );
});

test('a fork bomb is told by its new processes', () => {
  fc.assert(
    fc.property(setting, fc.integer({ min: 2, max: 20 }), (with_, bombS) => {
      const { limitKiB, quietS, share, seed } = with_;
      const random = randomBy(seed);
      const seconds = quietS + bombS;
      const run = watchedRun(
        (at) => {
          const forks = Math.max(0, Math.floor(((at - quietS) / bombS) * 40));
          const sizeKiB = Math.round((limitKiB * (1 - share)) / 40);
          return {
            anonKiB: limitKiB * share + forks * sizeKiB,
            processes: Array.from({ length: Math.min(5, forks) }, (_, i) => ({
              pid: 100 + forks - i,
              comm: 'bomb',
              startTicks: ticksAt(quietS + ((forks - i - 1) / 40) * bombS),
              anonRssKiB: sizeKiB,
            })),
          };
        },
        { limitKiB, seconds, everyS: bombS / 10, random },
      );
      const { process, others, beforeUs } = fact(
        killAfter(run, { limitKiB, seconds }),
        'new-process',
      );
      expect(process.comm).toBe('bomb');
      expect(others).toBeGreaterThanOrEqual(2);
      expect(beforeUs).toBeLessThanOrEqual(bombS * 1e6 + 20_000);
    }),
    { numRuns: 200 },
  );
});

describe('whatever the samples are', () => {
  const kib = fc.integer({ min: 0, max: 1e9 });
  const optional = { requiredKeys: ['monotonicUs', 'usageKiB'] as ['monotonicUs', 'usageKiB'] };
  const process = fc.record({
    pid: fc.integer({ min: 1, max: 9 }),
    startTicks: fc.integer({ min: 0, max: 1e6 }),
    comm: fc.constantFrom('a', 'b'),
    anonRssKiB: kib,
  });
  const sample = fc.record(
    {
      monotonicUs: fc.integer({ min: 0, max: 1e10 }),
      usageKiB: kib,
      limitKiB: kib,
      anonKiB: kib,
      fileKiB: kib,
      shmemKiB: kib,
      kernelKiB: kib,
      processes: fc.array(process, { maxLength: 5 }),
    },
    optional,
  );

  test('nothing is said in numbers that are none, and nothing throws', () => {
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 20 }), fc.option(kib), (samples, killUs) => {
        const run = { path: '/pod/app', sinceMonotonicUs: 0, samples };
        const kill = killAfter(
          run,
          { limitKiB: 1000, seconds: 1 },
          { victim: { pid: 1, name: 'x' } },
        );
        const runUp = { limitOwner: run, ...(killUs !== null && { killMonotonicUs: killUs }) };
        const text = runUpWords({ ...kill, runUp }).join('\n');
        expect(text).not.toMatch(/NaN|undefined|Infinity|null|-\d/);
      }),
      { numRuns: 2000 },
    );
  });
});
