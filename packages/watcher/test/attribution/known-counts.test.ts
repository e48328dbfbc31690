import { describe, expect, test } from 'vitest';
import { Attribution } from '../../src/attribution/attribution.js';
import type { CounterPlaces } from '../../src/attribution/counter-places.js';
import type { KnownCounts } from '../../src/attribution/known-counts.js';
import { pass, ScriptedKernel, stopClock } from '../support/scripted-kernel.js';

stopClock();

/** Where a watch ended that had read everything up to here. */
function endedAt(kernel: ScriptedKernel, seq: bigint): KnownCounts {
  const places = kernel.places();
  kernel.processedSeq = seq;
  kernel.kill('/before');
  places.killLine(seq);
  places.observe();
  return { bootId: 'b', ...(places.counts(seq) as Omit<KnownCounts, 'bootId'>) };
}

/** The next watch, which reads the lines of the time between, and those of after its start. */
function goesOn(kernel: ScriptedKernel, before: KnownCounts, pastLines: bigint[]): CounterPlaces {
  const places = kernel.open(before);
  for (const seq of pastLines) places.pastLine(seq);
  places.begin();
  return places;
}

const at = (path: string, ...seqs: bigint[]) =>
  seqs.map((seq) => ({ seq, path, from: 'counter' as const }));

describe('a watch that goes on from where the one before ended', () => {
  test('places what was killed while nobody watched, where only one cgroup rose', () => {
    const kernel = new ScriptedKernel();
    const before = endedAt(kernel, 10n);
    kernel.kill('/a');
    kernel.kill('/a');
    const places = goesOn(kernel, before, [9n, 10n, 11n, 12n]);
    expect(places.takePlaces()).toEqual(at('/a', 11n, 12n));
  });

  test('places what is left after the log and /proc have placed the others', () => {
    const kernel = new ScriptedKernel();
    const before = endedAt(kernel, 10n);
    for (const path of ['/a', '/b', '/a']) kernel.kill(path);
    const places = kernel.open(before);
    for (const seq of [11n, 12n, 13n]) places.pastLine(seq);
    places.placed(12n, '/b');
    places.begin();
    expect(places.takePlaces()).toEqual(at('/a', 11n, 13n));
  });

  test('tells nothing where two cgroups are possible, and places the next kill all the same', () => {
    const kernel = new ScriptedKernel();
    const before = endedAt(kernel, 10n);
    kernel.kill('/a');
    kernel.kill('/b');
    const places = goesOn(kernel, before, [11n, 12n]);
    expect(places.takePlaces()).toEqual([]);
    kernel.kill('/c');
    places.killLine(13n);
    places.observe();
    expect(places.takePlaces(), 'in a storm, without a pause').toEqual(at('/c', 13n));
  });

  test('waits for the line of a kill that is counted and not yet printed', () => {
    const kernel = new ScriptedKernel();
    const before = endedAt(kernel, 10n);
    kernel.kill('/a');
    kernel.kill('/b');
    const places = goesOn(kernel, before, [11n]);
    expect(places.takePlaces()).toEqual([]);
    places.placed(11n, '/a');
    places.killLine(12n);
    places.observe();
    expect(places.takePlaces()).toEqual(at('/b', 12n));
  });

  test('does not take a cgroup that was made anew for the one of before', () => {
    const kernel = new ScriptedKernel();
    const before = endedAt(kernel, 10n);
    kernel.kill('/before'); // lost with its cgroup
    kernel.remake('/before');
    kernel.kill('/before');
    kernel.kill('/a');
    const places = goesOn(kernel, before, [11n, 12n, 13n]);
    expect(places.takePlaces(), 'one of the three is nowhere').toEqual([]);
    expect(places.account()).toEqual({ kernelKills: 0, unaccounted: 0 });
  });

  test('knows nothing where records of the time between are lost', () => {
    const kernel = new ScriptedKernel();
    const before = endedAt(kernel, 10n);
    kernel.kill('/a');
    kernel.kill('/b');
    kernel.firstSeq = 12n;
    expect(goesOn(kernel, before, [12n]).takePlaces()).toEqual([]);
  });

  test('nor where they are lost while the log is read', () => {
    const kernel = new ScriptedKernel();
    const before = endedAt(kernel, 10n);
    kernel.kill('/a');
    kernel.kill('/b');
    const places = kernel.open(before);
    places.pastLine(11n);
    places.pastLost();
    places.begin();
    expect(places.takePlaces()).toEqual([]);
  });

  test('nor from more kills than this kernel has counted', () => {
    const kernel = new ScriptedKernel();
    const before = endedAt(kernel, 10n);
    const other = new ScriptedKernel();
    const places = goesOn(other, before, [11n]);
    expect(places.takePlaces()).toEqual([]);
  });

  test('has an account of what it reads itself', () => {
    const kernel = new ScriptedKernel();
    const before = endedAt(kernel, 10n);
    for (const path of ['/a', '/a', '/b']) kernel.kill(path);
    const places = goesOn(kernel, before, [11n, 12n]);
    expect(places.account(), 'the third is on its way').toEqual({ kernelKills: 1, unaccounted: 1 });
    places.killLine(13n);
    expect(places.account()).toEqual({ kernelKills: 1, unaccounted: 0 });
  });
});

describe('what the next watch may go on from', () => {
  test('is nothing as long as nothing is certain', () => {
    const kernel = new ScriptedKernel();
    const places = kernel.places({ settled: false });
    expect(places.counts(10n)).toBeUndefined();
    pass(10);
    kernel.dry += 2;
    places.observe();
    expect(places.counts(10n)).toBeUndefined();
    pass(250);
    kernel.dry += 2;
    places.observe();
    expect(places.counts(10n)).toEqual({ seq: '10', total: 0, cgroups: [] });
  });

  test('reaches to the cursor where no kill line came since, else to the last one that is placed', () => {
    const kernel = new ScriptedKernel();
    const places = kernel.places();
    kernel.kill('/a');
    kernel.processedSeq = 10n;
    places.killLine(10n);
    places.observe();
    expect(places.counts(20n)).toMatchObject({ seq: '20', total: 1 });
    kernel.kill('/a');
    kernel.kill('/b');
    places.killLine(21n);
    places.observe();
    expect(places.counts(21n)).toMatchObject({ seq: '10', total: 1 });
  });

  test('is nothing after a loss, until it is known what was lost', () => {
    const kernel = new ScriptedKernel();
    const places = kernel.places();
    places.recordsLost();
    kernel.kill('/lost');
    expect(places.counts(10n)).toBeUndefined();
    places.takeUnread(1);
    places.killLine(11n);
    expect(places.counts(10n)).toBeDefined();
  });

  test('is still known after the end, when the counters are closed', () => {
    const kernel = new ScriptedKernel();
    const places = kernel.places();
    kernel.kill('/a');
    kernel.processedSeq = 10n;
    places.killLine(10n);
    places.observe();
    const attribution = new Attribution([places]);
    attribution.close(15n);
    expect(attribution.counts(99n)).toMatchObject({ seq: '15', total: 1 });
  });
});

test('in a storm that goes on since before the start the counters help after three pauses', () => {
  const kernel = new ScriptedKernel();
  kernel.kill('/before');
  const places = kernel.places({ settled: false });
  let placed = 0;
  places.killLine(0n); // of before
  for (let seq = 1n; seq <= 20n; seq++) {
    for (let ms = 0; ms < 12; ms++) {
      pass(1);
      kernel.dry += 2;
      places.observe();
    }
    kernel.kill(seq % 2n === 0n ? '/a' : '/b');
    places.killLine(seq);
    places.observe();
    for (const { path, seq: of } of places.takePlaces()) {
      expect(path).toBe(of % 2n === 0n ? '/a' : '/b');
      placed++;
    }
  }
  expect(placed).toBeGreaterThanOrEqual(17);
});
