import type { Journal } from '@oomwatcher/journal';
import { expect, onTestFinished, test } from 'vitest';
import { killsOf, openJournal, record } from '../../../../journal/test/support/journals.js';
import {
  keepsAll,
  releasedJournals,
  releasedState,
} from '../../../../journal/test/support/released.js';
import { KillCounts } from '../../../src/sinks/metrics/kill-counts.js';
import { type Family, families } from '../../../src/sinks/metrics/series.js';

/** This version with one label more. */
const withFifthLabel = families.map(
  (family): Family =>
    family.name === 'kills'
      ? {
          ...family,
          labelNames: [...family.labelNames, 'qos'],
          valuesOf: (kill) => [...family.valuesOf(kill), kill.pod?.qos ?? ''],
          otherThan: (values) => [...(family.otherThan?.(values) ?? []), values.at(-1) ?? ''],
        }
      : family,
);

function counted(journal: Journal, of: readonly Family[]) {
  const counts = new KillCounts(journal, { families: of, maxSeries: 1000 });
  counts.stop();
  return Object.fromEntries(
    [...counts.of('kills')].map(({ values, kills }) => [values.join(), kills]),
  );
}

test.each(releasedJournals)('a fifth label over %s: the counts go on', (name) => {
  const journal = openJournal(releasedState(name).folder, keepsAll);
  const before = counted(journal, withFifthLabel);
  expect(before).toMatchObject({ 'shop,web-1,app,container,,': 1, 'other,other,other,node,,': 4 });
  const pod = { uid: 'u', namespace: 'shop', name: 'web-1', container: 'app', qos: 'burstable' };
  record(journal, killsOf(25, 1, { scope: 'container', pod } as object));
  expect(counted(journal, withFifthLabel)).toEqual({
    ...before,
    'shop,web-1,app,container,web,burstable': 1,
  });
});

test('a label that this version does not know is left out, and no kill is counted twice or less', () => {
  const journal = openJournal();
  const pod = { uid: 'u', namespace: 'shop', name: 'web' };
  for (const [index, qos] of ['burstable', 'guaranteed', undefined].entries())
    record(journal, killsOf(index + 1, 1, { scope: 'container', pod: { ...pod, qos } } as object));
  expect(counted(journal, withFifthLabel)).toEqual({
    'shop,web,,container,web,burstable': 1,
    'shop,web,,container,web,guaranteed': 1,
    'shop,web,,container,web,': 1,
  });
  for (let start = 0; start < 3; start++)
    expect(counted(journal, families)).toEqual({ 'shop,web,,container,web': 3 });
  record(journal, killsOf(9, 1, { scope: 'container', pod }));
  expect(counted(journal, families)).toEqual({ 'shop,web,,container,web': 4 });
});

test.each(releasedJournals)(
  'an upgraded node has its own counts over %s: each kill once',
  async (name) => {
    const journal = openJournal(releasedState(name).folder, keepsAll);
    const counts = new KillCounts(journal);
    counts.start();
    onTestFinished(() => counts.stop());
    await expect.poll(() => counts.total).toBe(24);
  },
);
