import type { MemoryRunUp } from '@oomwatcher/oom';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { forecast } from '../src/forecast.js';
import { beganUs, type Contents, randomBy, watchedRun } from './support/growth.js';

const mib = 1024;
const alarmS = 300;

/** Every recording of such a series as it is looked at, every 5 s: of the last ten minutes, at most 80 samples. */
function* looks(run: MemoryRunUp, untilS: number): Generator<{ atS: number; run: MemoryRunUp }> {
  for (let atS = 5; atS <= untilS; atS += 5) {
    const nowUs = beganUs + atS * 1e6;
    const kept = run.samples.filter(({ monotonicUs: at }) => at <= nowUs && at > nowUs - 600e6);
    yield { atS, run: { ...run, samples: thinned(kept) } };
  }
}

/** The older, the further apart. */
function thinned(samples: MemoryRunUp['samples'], most = 80): MemoryRunUp['samples'] {
  if (samples.length <= most) return samples;
  const recent = samples.slice(-most / 2);
  const older = samples.slice(0, -most / 2);
  const every = Math.ceil(older.length / (most / 2));
  return [...older.filter((_, i) => i % every === 0), ...recent];
}

/**
 * A forecast is an estimate: of thousands of saw teeth one looks like a leak, of thousands of leaks one is told late. So these
 * are the same series each time.
 */
const seed = Number(process.env.OOMWATCHER_SEED ?? 20_261_128);

const setting = fc.record({
  seed: fc.integer(),
  limitKiB: fc.integer({ min: 64 * mib, max: 64 * 1024 * mib }),
  everyS: fc.integer({ min: 2, max: 10 }),
});

/** Seconds at which somebody would have been woken. */
function alarms(
  contents: (at: number, random: () => number, limitKiB: number) => Contents,
  { seed, limitKiB, everyS }: { seed: number; limitKiB: number; everyS: number },
  seconds = 600,
): number[] {
  const random = randomBy(seed);
  const run = watchedRun((at) => contents(at, random, limitKiB), {
    limitKiB,
    seconds,
    everyS,
    random,
  });
  const found: number[] = [];
  for (const { atS, run: seen } of looks(run, seconds)) {
    if ((forecast(seen)?.seconds ?? Number.POSITIVE_INFINITY) < alarmS) found.push(atS);
  }
  return found;
}

const percent = (min: number, max: number) => fc.integer({ min, max }).map((value) => value / 100);

describe('nobody is woken', () => {
  test('by page cache that fills the limit, and is read and given up there again and again', () => {
    const fillS = fc.integer({ min: 20, max: 500 });
    fc.assert(
      fc.property(setting, percent(10, 60), fillS, (with_, anon, seconds) => {
        const found = alarms(
          (at, random, limitKiB) => ({
            anonKiB: limitKiB * (anon + random() * 0.005),
            // At the limit a file is removed now and then.
            cacheKiB: limitKiB * Math.min(1, at / seconds) * (random() > 0.98 ? 0.5 : 1),
            kernelKiB: limitKiB * 0.02 * (1 + random() * 0.2),
          }),
          with_,
        );
        expect(found).toEqual([]);
      }),
      { seed, numRuns: 200 },
    );
  });

  test('by a JVM that sits at its heap', () => {
    fc.assert(
      fc.property(setting, percent(60, 98), (with_, heap) => {
        const found = alarms(
          (at, random, limitKiB) => ({
            anonKiB:
              limitKiB * Math.min(0.995, heap + 0.005 * Math.sin(at / 40) + random() * 0.005),
          }),
          with_,
        );
        expect(found).toEqual([]);
      }),
      { seed, numRuns: 200 },
    );
  });

  test('by a heap that warms up to where it then stays', () => {
    fc.assert(
      fc.property(
        setting,
        percent(50, 85),
        fc.integer({ min: 20, max: 120 }),
        (with_, heap, slowS) => {
          const found = alarms(
            (at, random, limitKiB) => ({
              anonKiB: limitKiB * (heap * (1 - Math.exp(-at / slowS)) + random() * 0.003),
            }),
            with_,
          );
          expect(found).toEqual([]);
        },
      ),
      { seed, numRuns: 200 },
    );
  });

  test('by the saw teeth of a garbage collector, whatever their height, and however many are seen', () => {
    fc.assert(
      fc.property(
        setting,
        percent(20, 60),
        percent(5, 35),
        fc.integer({ min: 4, max: 80 }),
        (with_, low, height, periodS) => {
          let tooth = -1;
          let peak = height;
          const found = alarms((at, random, limitKiB) => {
            const now = Math.floor(at / periodS);
            if (now !== tooth) peak = height * (1 + random() * 0.2);
            tooth = now;
            return {
              anonKiB: limitKiB * (low + peak * ((at / periodS) % 1) + random() * 0.002),
            };
          }, with_);
          expect(found).toEqual([]);
        },
      ),
      { seed, numRuns: 300 },
    );
  });

  test('by teeth that are longer than a growth must be, once one of them was seen to end', () => {
    fc.assert(
      fc.property(setting, fc.integer({ min: 100, max: 250 }), (with_, periodS) => {
        const found = alarms(
          (at, random, limitKiB) => ({
            anonKiB: limitKiB * (0.3 + 0.5 * ((at / periodS) % 1) + random() * 0.002),
          }),
          with_,
        );
        expect(found.filter((atS) => atS > periodS + 2 * with_.everyS)).toEqual([]);
      }),
      { seed, numRuns: 100 },
    );
  });
});

describe('a leak', () => {
  const leak = fc.record({
    base: percent(5, 50),
    /** From the first page to the limit. */
    growS: fc.integer({ min: 200, max: 1500 }),
    quietS: fc.integer({ min: 0, max: 400 }),
    noise: percent(0, 1).map((share) => share / 2),
  });

  test('is told at least a minute before it is at the limit, and when it will be', () => {
    fc.assert(
      fc.property(setting, leak, (with_, { base, growS, quietS, noise }) => {
        const seconds = quietS + growS;
        const { limitKiB, seed, everyS } = with_;
        const random = randomBy(seed);
        const run = watchedRun(
          (at) => {
            const share = base + (1 - base) * Math.max(0, (at - quietS) / growS);
            return { anonKiB: limitKiB * (share + random() * noise), cacheKiB: limitKiB * 0.3 };
          },
          { limitKiB, seconds, everyS, random },
        );
        const told = [...looks(run, seconds)].flatMap(({ atS, run: seen }) => {
          const found = forecast(seen);
          return found === undefined ? [] : [{ atS, ...found }];
        });
        const first = told.find((each) => each.seconds < alarmS);
        expect(first?.atS ?? seconds).toBeLessThanOrEqual(seconds - 60);
        for (const { atS, seconds: left } of told.filter(({ atS }) => atS >= (first?.atS ?? 0))) {
          expect(Math.abs(left - (seconds - atS))).toBeLessThan(0.3 * (seconds - atS) + 20);
        }
      }),
      { seed, numRuns: 300 },
    );
  });

  test('of 5 MiB/s is, with what it grows a second', () => {
    const seconds = 390;
    const limitKiB = 2048 * mib;
    const random = randomBy(7);
    const run = watchedRun((at) => ({ anonKiB: 98 * mib + at * 5 * mib }), {
      limitKiB,
      seconds: 100,
      everyS: 10,
      random,
    });
    const {
      kibPerS,
      seconds: left,
      workingSetKiB,
    } = forecast(run) ?? { kibPerS: 0, seconds: 0, workingSetKiB: 0 };
    expect(kibPerS / (5 * mib)).toBeCloseTo(1, 3);
    expect(left).toBeCloseTo(seconds - (workingSetKiB - 98 * mib) / (5 * mib), 0);
  });
});

test.each<[string, MemoryRunUp['samples']]>([
  ['nothing', []],
  ['one sample', [{ monotonicUs: 1, usageKiB: 10, limitKiB: 10, anonKiB: 10 }]],
  ['no limit', [{ monotonicUs: 1, usageKiB: 10, anonKiB: 10 }]],
  ['a limit of zero', [{ monotonicUs: 1, usageKiB: 0, limitKiB: 0, anonKiB: 0 }]],
])('of %s there is no forecast', (_, samples) => {
  expect(forecast({ path: '/a', sinceMonotonicUs: 0, samples })).toBeUndefined();
});

test('usage alone is no ground for a forecast: it may be page cache', () => {
  const samples = Array.from({ length: 40 }, (_, i) => ({
    monotonicUs: i * 10e6,
    usageKiB: i * 10,
    limitKiB: 500,
  }));
  expect(forecast({ path: '/a', sinceMonotonicUs: 0, samples })).toBeUndefined();
});
