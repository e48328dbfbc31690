import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { killsOf, openJournal, record } from '../../../journal/test/support/journals.js';
import { knownOfKill } from '../../../oom/test/support/kills.js';
import { serve } from '../support/agent-states.js';
import { untilMetric } from '../support/scraped.js';

interface Reported {
  id?: string;
  event?: string;
  data?: string;
}

/** Reads events until `enough`. */
async function follow(url: string, enough: (reported: Reported[]) => boolean, headers = {}) {
  const abort = new AbortController();
  const answer = await fetch(url, { headers, signal: abort.signal });
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  const reported: Reported[] = [];
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    const parts = text.split('\n\n');
    text = parts.pop() ?? '';
    for (const part of parts) {
      reported.push(Object.fromEntries(part.split('\n').map((line) => line.split(/: (.*)/s, 2))));
    }
    if (enough(reported)) break;
  }
  abort.abort();
  return reported;
}

/** All that stands for a kill, by whatever name: a wrong one must fail, not be waited for. */
const tells = (reported: Reported[]) => reported.filter(({ id, data }) => id && data);
const kills = (reported: Reported[]) => reported.filter(({ event }) => event === 'kill');
const ids = (reported: Reported[]) => kills(reported).map(({ id }) => Number(id));

/** Until the server has a follower: what is recorded from now on is sent to it. */
const followed = (ask: (path: string) => Promise<Response>) =>
  untilMetric(ask, 'oomwatcher_event_stream_clients', 1);

test('kills come as they are recorded, and what came meanwhile after a lost connection', async () => {
  const journal = openJournal();
  record(journal, killsOf(1, 3));
  const { url, ask } = await serve({ journal });
  const first = follow(`${url}/api/v1/events`, (reported) => tells(reported).length === 2);
  await followed(ask);
  record(journal, killsOf(4, 2, { victim: { pid: 1, name: 'a\nevent: kill\ndata: {}\n\n' } }));
  const reported = await first;
  expect(ids(reported)).toEqual([4, 5]);
  expect(JSON.parse(kills(reported)[0]?.data ?? '').kill.victim.name).toContain('\nevent: kill');
  record(journal, killsOf(6, 4));
  const resumed = await follow(`${url}/api/v1/events`, (reported) => tells(reported).length === 4, {
    'Last-Event-ID': '5',
  });
  expect(ids(resumed)).toEqual([6, 7, 8, 9]);
});

test('a follower that is too far behind, or of another journal, is asked to read it anew', async () => {
  const journal = openJournal();
  record(journal, killsOf(1, 6000));
  const { url } = await serve({ journal });
  const isReset = (reported: Reported[]) => reported.some(({ event }) => event === 'reset');
  for (const after of [1, 7000]) {
    const reported = await follow(`${url}/api/v1/events?after=${after}`, isReset);
    expect(reported.find(({ event }) => event === 'reset')?.id).toBe('6000');
  }
});

test('a pod’s name that is learned later is reported', async () => {
  const journal = openJournal();
  record(journal, killsOf(1, 1, { pod: { uid: 'u' } }));
  const { url, ask } = await serve({ journal });
  const updated = follow(`${url}/api/v1/events`, (reported) =>
    reported.some(({ data = '' }) => data.includes('"shop"')),
  );
  await followed(ask);
  journal.complete('b:1', { namespace: 'shop', name: 'web' });
  const { event, data = '' } = (await updated).at(-1) ?? {};
  expect(event).toBe('update');
  expect(JSON.parse(data).kill.pod).toMatchObject({ namespace: 'shop', name: 'web' });
});

test('a follower that does not read is dropped, reported, and costs no memory', async () => {
  const journal = openJournal();
  const { url, port, ask } = await serve({
    journal,
    stream: { patienceMs: 500, statusEveryMs: 100 },
  });
  const socket = connect({ port, host: '127.0.0.1' }).on('error', () => {});
  onTestFinished(() => void socket.destroy());
  socket.write('GET /api/v1/events?after=0 HTTP/1.1\r\nHost: localhost\r\n\r\n');
  socket.pause();
  await followed(ask);
  record(journal, killsOf(1, 4900, { ...knownOfKill, gfp: 'x'.repeat(3000) } as object));
  await untilMetric(ask, 'oomwatcher_event_stream_dropped_clients_total', 1);
  const other = await follow(
    `${url}/api/v1/events?after=4890`,
    (reported) => tells(reported).length === 10,
  );
  expect(ids(other)).toHaveLength(10);
});

test('so many may follow, and one more is answered why not', async () => {
  const { url } = await serve({ stream: { maxClients: 2 } });
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const connectOne = () => fetch(`${url}/api/v1/events`, { signal: abort.signal });
  expect((await connectOne()).status).toBe(200);
  expect((await connectOne()).status).toBe(200);
  const refused = await connectOne();
  expect(refused.status).toBe(503);
  expect(await refused.json()).toEqual({ error: expect.stringContaining('too many') });
});
