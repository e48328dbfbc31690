import type { MemoryAnswer } from '@oomwatcher/dashboard';
import { expect, test, vi } from 'vitest';
import { killsOf, openJournal, record } from '../../../journal/test/support/journals.js';
import { hostileName, invisible, knownOfKill } from '../../../oom/test/support/kills.js';
import { nodePressure } from '../../src/runtime/memory-pressure.js';
import { serve } from '../support/agent-states.js';
import { growing, recorderOf } from '../support/memory-sources.js';

const full = growing('/pod/app', { fromKiB: 50_000, kibPerS: 200, limitKiB: 100_000 });
const calm = growing('/calm', { fromKiB: 10_000, kibPerS: 0, limitKiB: 100_000 });

test('cgroups that are close to their limit are told with growth, time and kills of today', async () => {
  const journal = openJournal();
  const time = new Date().toISOString();
  record(journal, killsOf(1, 3, { ...knownOfKill, time, cgroup: { victim: '/pod/app/x' } }));
  record(
    journal,
    killsOf(9, 1, { ...knownOfKill, time: '2020-01-01T00:00:00Z', cgroup: { victim: '/pod/app' } }),
  );
  const { runUps } = recorderOf([full, calm]);
  const { ask } = await serve({ journal, state: { runUps } });
  expect(await (await ask('/api/v1/memory')).json()).toEqual({
    schema: 'oomwatcher.memory/v1',
    live: true,
    reason: 'samples 2 cgroups',
    ...(nodePressure().pressurePercent !== undefined && { pressurePercent: expect.any(Number) }),
    cgroups: [
      {
        path: '/pod/app',
        usageKiB: 90_000,
        limitKiB: 100_000,
        workingSetKiB: 90_000,
        growthKiBPerS: 200,
        secondsToLimit: 50,
        killsToday: 3,
      },
    ],
  });
});

test('the kills of the day are counted at most every 5 s, however many ask', async () => {
  let nowMs = 1e6;
  using _ = vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
  const journal = openJournal();
  const { runUps } = recorderOf([full]);
  const { ask } = await serve({ journal, state: { runUps } });
  const kills = async () => {
    const answer = (await (await ask('/api/v1/memory')).json()) as MemoryAnswer;
    return answer.cgroups[0]?.killsToday;
  };
  expect(await kills()).toBe(0);
  const time = new Date().toISOString();
  record(journal, killsOf(1, 2, { ...knownOfKill, time, cgroup: { victim: '/pod/app' } }));
  for (let asked = 0; asked < 9; asked++) expect(await kills()).toBe(0);
  nowMs += 5000;
  expect(await kills()).toBe(2);
});

test('whose a cgroup is is said, of the fullest hundred', async () => {
  const pod = { uid: 'u', namespace: 'shop', name: 'db-0', container: 'db' };
  const { runUps } = recorderOf(
    Array.from({ length: 101 }, (_, i) => ({ ...full, path: `/pod/${i}` })),
  );
  const ownerOf = (path: string) => ({ pod: { ...pod, name: `db${path.slice(4)}` } });
  const { ask } = await serve({ state: { runUps, ownerOf } });
  const { cgroups } = (await (await ask('/api/v1/memory?limit=200')).json()) as MemoryAnswer;
  expect(cgroups[99]).toMatchObject({ path: '/pod/99', pod: { ...pod, name: 'db/99' } });
  expect(cgroups[100]).not.toHaveProperty('pod');
});

test('how many are asked for has a bound, and nonsense is refused', async () => {
  const { runUps, asked } = recorderOf([full]);
  const { ask } = await serve({ state: { runUps } });
  await ask('/api/v1/memory?share=0&limit=9999');
  expect(asked).toEqual([[0, 1000]]);
  for (const query of ['share=x', 'limit=-1', 'limit=1e9', 'pod=a']) {
    expect((await ask(`/api/v1/memory?${query}`)).status).toBe(400);
  }
});

test('an agent that does not sample says why', async () => {
  const { ask } = await serve({ state: { runUps: () => ({ live: false, reason: 'no cgroups' }) } });
  expect(await (await ask('/api/v1/memory')).json()).toMatchObject({
    live: false,
    reason: 'no cgroups',
    cgroups: [],
  });
  const { ask: askOff } = await serve();
  expect(await (await askOff('/api/v1/memory')).json()).toMatchObject({
    live: false,
    reason: expect.stringContaining('--run-up off'),
  });
});

test('a hostile path is no control character in the answer', async () => {
  const { runUps } = recorderOf([{ ...full, path: `/${hostileName}` }]);
  const { ask } = await serve({ state: { runUps } });
  expect(await (await ask('/api/v1/memory')).text()).not.toMatch(invisible);
});
