import { expect, test } from 'vitest';
import { usedBytes } from '../../../test/support/used-memory.ts';
import { invisible } from '../../oom/test/support/kills.js';
import { connected, nodeKills, podKills, until } from './support/connected.js';
import { hasty } from './support/hasty.js';
import { apiPod, HttpApi } from './support/http-api.js';
import { Chance, misfortune } from './support/misfortunes.js';

// By time it needs some ten seconds; other tests load the machine.
/** Another one: `OOMWATCHER_SEED=7`. */
const seed = Number(process.env.OOMWATCHER_SEED ?? 17);

const misfortunes = 1_000;
const token = 'eyJhbGciOiJub25lIn0.dGhlLXRva2VuLW9mLXRoZS1hZ2VudA.c2lnbmF0dXJl';

test(`${misfortunes} answers of any status, shape, size, pace and end take no kill and no event away`, async () => {
  const chance = new Chance(seed);
  const api = await HttpApi.start();
  const uids = ['a', 'b', 'c'];
  api.pods = uids.map((uid) => apiPod(uid));
  const met = { GET: 0, watch: 0, POST: 0, PATCH: 0 };
  const sum = () => Object.values(met).reduce((all, each) => all + each, 0);
  api.meddle = (asked, response) => {
    // Some pass, so that events come to be and are changed.
    if (sum() >= misfortunes || chance.is(0.4)) return false;
    met[asked.path.includes('watch=true') ? 'watch' : (asked.method as 'GET')]++;
    misfortune(chance, api, asked, response);
    return true;
  };
  const { sink, record, journal, reported } = connected(api, {
    kubeconfig: api.kubeconfig({ token }),
    timing: hasty,
  });

  const counts = new Map<string, number>();
  const startBytes = usedBytes();
  let maxBytes = startBytes;
  let killed = 0;
  const kill = () => {
    const subject = chance.of(['node', ...uids]);
    counts.set(subject, (counts.get(subject) ?? 0) + 1);
    record(subject === 'node' ? nodeKills(1) : podKills(1, subject));
    if (++killed % 20 === 0) maxBytes = Math.max(maxBytes, usedBytes());
    expect(sink.health().skipped).toBe(0);
  };
  while (sum() < misfortunes) {
    kill();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const recorded = journal.after(0, 1e6).length;
  const wanted = [...counts.values()].reduce((all, each) => all + each, 0);
  await until(
    () => sink.health().lag === 0,
    () => `seed ${seed}: ${JSON.stringify(sink.health())}`,
  );
  await until(
    () => sink.health().ok,
    () => `seed ${seed}: ${sink.health().reason}`,
  );

  const totals = Object.fromEntries(
    ['node', ...uids].map((subject) => {
      const name = subject === 'node' ? 'n1' : `pod-${subject}`;
      const events = [...api.events.values()].filter(
        ({ involvedObject }) => involvedObject.name === name,
      );
      expect(events.length).toBeLessThanOrEqual(11);
      return [subject, events.reduce((all, { count }) => all + count, 0)];
    }),
  );
  expect(totals, `seed ${seed}`).toEqual(Object.fromEntries(counts));
  expect(recorded).toBe(wanted);
  expect(sink.health()).toMatchObject({ skipped: 0, givenUp: 0 });
  // The server that sends the answers is in this process too.
  expect(maxBytes - startBytes).toBeLessThan(300 * 1024 * 1024);
  for (const [kind, count] of Object.entries(met)) expect(count, kind).toBeGreaterThan(0);
  for (const sentence of reported) {
    expect(sentence).not.toMatch(invisible);
    for (let at = 0; at + 8 <= token.length; at++)
      expect(sentence).not.toContain(token.slice(at, at + 8));
  }
  console.log(
    `seed ${seed}: ${wanted} kills, ${JSON.stringify(met)}, ${api.asked.length} requests`,
  );
});
