import type { Database } from '@oomwatcher/journal';
import { expect, test } from 'vitest';
import { TestClock } from '../../journal/test/support/clocks.js';
import { killsOf, openJournal, record } from '../../journal/test/support/journals.js';
import { DesiredEvents } from '../src/desired-events.js';

const hour = 3_600_000;
const rules = {
  nodeEvents: 'system',
  windowMs: 600_000,
  lookbackMs: hour,
  eventLifeMs: hour,
} as const;

/** A kill of a container whose name is not known yet, at what the clock says. */
const killAt = (clock: TestClock) => ({
  time: new Date(clock.wallMs()).toISOString(),
  scope: 'container' as const,
  container: { id: 'c0ffee' },
  pod: { uid: 'u', namespace: 'shop', name: 'web' },
});

const steps = [-40 * 24 * hour, -5 * hour, -1000, 0, 1000, hour, 40 * 24 * hour];

test.each(
  steps.flatMap((byMs) =>
    (['before it is derived', 'after it'] as const).map((when) => [byMs, when] as const),
  ),
)(
  'a wall clock set by %d ms %s: no event is given up, and none is late by a minute',
  (byMs, when) => {
    const clock = new TestClock();
    const journal = openJournal(undefined, { clock });
    const desired = new DesiredEvents(journal.store, rules, (kill) => journal.ageMs(kill));
    record(journal, killsOf(1, 1, killAt(clock)));
    if (when === 'before it is derived') clock.isSet(byMs);
    const derive = (db: Database) => desired.derive(db, journal.after(0, 9), journal.steadyMs());
    expect(journal.store.write(derive), 'given up').toBe(0);
    if (when === 'after it') clock.isSet(byMs);
    expect(desired.heads(journal.steadyMs(), 9), 'it waits for its container’s name').toEqual([]);
    clock.passes(6000);
    expect(desired.heads(journal.steadyMs(), 9)).toHaveLength(1);
  },
);

test('an event that was put off before a restart with an earlier clock is not put off until then', () => {
  const clock = new TestClock();
  const journal = openJournal(undefined, { clock });
  const desired = new DesiredEvents(journal.store, rules, (kill) => journal.ageMs(kill));
  record(journal, killsOf(1, 1, killAt(clock)));
  journal.store.write((db) => desired.derive(db, journal.after(0, 9), journal.steadyMs()));
  expect(desired.heads(clock.wallMs() - 5 * hour, 9)).toHaveLength(1);
});
