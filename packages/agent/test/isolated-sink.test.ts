import { createServer } from 'node:http';
import { type AddressInfo, connect as connectTo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Journal, Sink } from '@oomwatcher/journal';
import { expect, onTestFinished, test } from 'vitest';
import { killsOf, openJournal, record } from '../../journal/test/support/journals.js';
import { IsolatedSink } from '../src/runtime/isolated-sink.js';
import { uncaughtErrors } from './support/uncaught.js';

const well = { ok: true, lag: 0, failures: 0, skipped: 0 };

function sinkOf(more: Partial<Sink> = {}): Sink {
  return {
    name: 'a',
    start: () => {},
    wake: () => {},
    health: () => well,
    stop: async () => {},
    ...more,
  };
}

/** A second of it is ten milliseconds. */
function isolated(make: () => Sink) {
  const reported: string[] = [];
  const sink = new IsolatedSink({
    name: 'a',
    make,
    report: (sentence) => reported.push(sentence),
    haste: 100,
  });
  onTestFinished(() => sink.stop());
  return { sink, reported };
}

const thrown: [string, () => unknown][] = [
  ['an error', () => new Error('broken')],
  ['nothing', () => undefined],
  ['null', () => null],
  ['a text', () => 'broken'],
  ['what cannot be reported', () => Object.create(null)],
  [
    'an error with a stack that throws',
    () => ({
      get stack(): string {
        throw new Error('x');
      },
    }),
  ],
];

test.each(thrown)(
  'a sink that throws %s at its start is begun anew, and reported',
  async (_, error) => {
    let starts = 0;
    const start = () => {
      if (++starts <= 3) throw error();
    };
    const { sink, reported } = isolated(() => sinkOf({ start }));
    sink.start();
    expect(sink.health()).toMatchObject({ ok: false, lag: 1, failures: 1 });
    expect(sink.health().reason).toContain('a defect of the sink ended it');
    await expect.poll(() => starts).toBe(4);
    // Well again only when it has worked for a while.
    expect(sink.health().ok).toBe(false);
    await expect.poll(() => sink.health().ok).toBe(true);
    expect(sink.health().failures).toBe(3);
    expect(reported.length).toBeLessThanOrEqual(2);
  },
);

/** Ways in which the code of a sink ends without anybody there to catch it. */
const waysOut: [string, (journal: Journal) => void][] = [
  ['a timer', () => void setTimeout(() => broken(), 1)],
  ['a promise', () => void Promise.reject(new Error('broken'))],
  ['a microtask', () => queueMicrotask(broken)],
  ['an async function', () => void sleep(1).then(broken)],
  ['a listener of the journal', (journal) => void journal.onChange(broken)],
  [
    'an event of a socket',
    () => {
      const server = createServer().listen(0, '127.0.0.1', () => {
        connectTo((server.address() as AddressInfo).port, '127.0.0.1', broken);
      });
      onTestFinished(() => void server.close());
    },
  ],
];

function broken(): never {
  throw new Error('broken');
}

test.each(waysOut)('an error in %s is the sink’s, and nobody else’s', async (_, fail) => {
  const others = uncaughtErrors();
  const journal = openJournal();
  let lives = 0;
  const start = () => {
    if (++lives === 1) fail(journal);
  };
  const { sink, reported } = isolated(() => sinkOf({ start }));
  sink.start();
  record(journal, killsOf(1, 1));
  await expect.poll(() => lives).toBe(2);
  expect(reported[0]).toContain('a defect of the sink ended it (Error: broken, at ');
  expect(others).toEqual([]);
  // The journal has gone on.
  expect(record(journal, killsOf(2, 3))).toHaveLength(3);
});

test('an error of nobody’s sink is nobody’s', async () => {
  const others = uncaughtErrors();
  const { sink } = isolated(() => sinkOf());
  sink.start();
  setTimeout(broken, 1);
  await expect.poll(() => others).toHaveLength(1);
  expect(sink.health()).toMatchObject(well);
});

test('a sink that fails at each wake is reported once a minute, and tried after longer and longer pauses', async () => {
  const lives: number[] = [];
  const { sink, reported } = isolated(() =>
    sinkOf({ start: () => void lives.push(performance.now()), wake: broken }),
  );
  sink.start();
  const begunMs = performance.now();
  while (performance.now() - begunMs < 1_000) {
    sink.wake();
    await sleep(1);
  }
  const minutes = (performance.now() - begunMs) / 600;
  expect(reported.length).toBeLessThanOrEqual(1 + minutes);
  expect(lives.length).toBeGreaterThan(2);
  // Pauses of 1, 2, 4, … 60 s, by chance down to half of it.
  expect(lives.length).toBeLessThan(10);
  expect(sink.health().ok).toBe(false);
});

test('counters do not fall when a sink is begun anew', async () => {
  let lives = 0;
  let wakes = 0;
  const { sink } = isolated(() => {
    lives++;
    const health = () => ({ ...well, failures: 5, skipped: 2, givenUp: 1 });
    return sinkOf({ health, wake: () => (++wakes === 1 ? broken() : undefined) });
  });
  sink.start();
  expect(sink.health()).toMatchObject({ failures: 5, skipped: 2, givenUp: 1 });
  sink.wake();
  expect(sink.health()).toMatchObject({ failures: 6, skipped: 2, givenUp: 1 });
  await expect.poll(() => lives).toBe(2);
  expect(sink.health()).toMatchObject({ failures: 11, skipped: 4, givenUp: 2 });
});

test.each<[string, Sink['stop']]>([
  ['throws', () => broken()],
  ['rejects', () => Promise.reject(new Error('broken'))],
  ['never ends', () => new Promise(() => {})],
])('a stop that %s ends all the same', async (_, stop) => {
  const { sink } = isolated(() => sinkOf({ stop }));
  sink.start();
  await sink.stop();
});

test('a sink that was stopped does not begin again', async () => {
  let lives = 0;
  const { sink } = isolated(() => {
    lives++;
    return sinkOf({ start: broken });
  });
  sink.start();
  await sink.stop();
  await sleep(100);
  expect(lives).toBe(1);
});
