import type { WitnessState } from '@oomwatcher/watcher';
import { expect, test } from 'vitest';
import { TestClock } from '../../journal/test/support/clocks.js';
import { openJournal } from '../../journal/test/support/journals.js';
import type { AgentState } from '../src/runtime/agent-state.js';
import { Health } from '../src/runtime/health.js';
import { agentState, sinkOf } from './support/agent-states.js';

function healthOf(more: Partial<AgentState>) {
  const clock = new TestClock();
  const health = new Health(agentState(openJournal(), more), clock);
  const after = (seconds: number) => {
    clock.passes(seconds * 1000);
    health.tick();
  };
  health.tick();
  return { health, after, clock };
}

test('a dead reader is neither alive nor ready', () => {
  const reader = () => ({ kind: 'dead', reason: 'it ended' }) as const;
  const { health } = healthOf({ reader });
  const checks = [{ name: 'reader', ok: false, reason: 'it ended' }];
  expect(health.live()).toEqual({ ok: false, checks });
  expect(health.ready().ok).toBe(false);
});

test('an account that is open for a moment is ready, for a minute not, and closed again is', () => {
  let unaccounted = 1;
  const whole = agentState(openJournal()).account();
  const { health, after } = healthOf({ account: () => whole && { ...whole, unaccounted } });
  after(59);
  expect(health.ready().ok).toBe(true);
  after(1);
  expect(health.ready()).toMatchObject({
    ok: false,
    checks: [
      { ok: true },
      { ok: true },
      { name: 'account', reason: expect.stringContaining('differed by 1') },
    ],
  });
  expect(health.live().ok).toBe(true);
  unaccounted = 0;
  after(1);
  expect(health.ready().ok).toBe(true);
});

test('a witness that cannot be had, or whose ring was full, is said and is no failure', () => {
  const witnessOf = (state: WitnessState) =>
    healthOf({ witness: () => state })
      .health.ready()
      .checks.find(({ name }) => name === 'witness');
  const stats = { taken: 9, malformed: 0, pinned: true, control: 'attached' } as const;
  const reason = 'a program sees each kill';
  expect(witnessOf({ live: true, reason, stats })).toEqual({ name: 'witness', ok: true });
  expect(witnessOf({ live: false, reason: 'the kernel refuses it' })).toEqual({
    name: 'witness',
    ok: true,
    reason: 'the kernel refuses it',
  });
  expect(witnessOf({ live: true, reason, stats: { ...stats, dropped: 7 } })).toMatchObject({
    ok: true,
    reason: expect.stringContaining('7 kills were more'),
  });
});

test('a sink that fails for a minute, or keeps a kill for five, is stuck', () => {
  const failing = sinkOf('a', {
    ok: false,
    reason: 'refused: see b',
    lag: 1,
    failures: 9,
    skipped: 0,
  });
  const slow = sinkOf('b', {
    ok: true,
    lag: 1,
    failures: 0,
    skipped: 0,
    oldestPendingMs: 1_000_000,
  });
  const { health, after } = healthOf({ sinks: [failing, slow] });
  expect(health.ready().ok).toBe(true);
  after(60);
  expect(health.ready().checks).toContainEqual({
    name: 'sink a',
    ok: false,
    reason: 'refused: see b',
  });
  expect(health.ready().checks).toContainEqual({ name: 'sink b', ok: true });
  after(240);
  expect(health.ready().checks.at(-1)).toMatchObject({ name: 'sink b', ok: false });
});

test('kills that the journal forgot before a sink had them are reported, and no reason to be not ready', () => {
  const sink = sinkOf('a', { ok: true, lag: 0, failures: 0, skipped: 7 });
  const { health } = healthOf({ sinks: [sink] });
  expect(health.ready()).toMatchObject({ ok: true });
  expect(health.ready().checks.at(-1)?.reason).toMatch(/^7 kills were forgotten by the journal/);
});

test.each([-5 * 3_600_000, -1000, 40 * 86_400_000])(
  'a wall clock that is set by %d ms makes nothing last longer or shorter',
  (byMs) => {
    const failing = sinkOf('a', { ok: false, reason: 'x', lag: 1, failures: 1, skipped: 0 });
    const slow = sinkOf('b', { ok: true, lag: 1, failures: 0, skipped: 0, oldestPendingMs: 1 });
    const { health, after, clock } = healthOf({ sinks: [failing, slow] });
    clock.isSet(byMs);
    after(59);
    expect(health.ready().ok).toBe(true);
    after(1);
    expect(health.ready().checks.map(({ ok }) => ok)).toEqual([true, true, true, false, true]);
    clock.isSet(-byMs);
    after(240);
    expect(health.ready().checks.map(({ ok }) => ok)).toEqual([true, true, true, false, false]);
  },
);

test('kills that the other side will never take are reported, and no reason to be not ready', () => {
  const sink = sinkOf('a', { ok: true, lag: 0, failures: 0, skipped: 0, givenUp: 1 });
  const { health } = healthOf({ sinks: [sink] });
  expect(health.ready()).toMatchObject({ ok: true });
  expect(health.ready().checks.at(-1)?.reason).toMatch(/^1 kill was refused by the other side/);
});

test('a journal in memory is said with its reason, and no reason to be not ready', () => {
  const journal = openJournal();
  const reason = '/x/journal.db cannot be opened: chown it';
  const inMemory = Object.create(journal, {
    store: { value: { storage: { kind: 'memory', reason } } },
  });
  const health = new Health(agentState(inMemory));
  expect(health.ready()).toMatchObject({ ok: true });
  expect(health.ready().checks).toContainEqual({
    name: 'journal',
    ok: true,
    reason: `it is in memory only, and a restart loses its history and counters: ${reason}`,
  });
});
