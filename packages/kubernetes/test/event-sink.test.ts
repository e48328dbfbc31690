import type { Journal } from '@oomwatcher/journal';
import type { Kill } from '@oomwatcher/oom';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { openJournal, record } from '../../journal/test/support/journals.js';
import { EventSink } from '../src/event-sink.js';
import { NodeIdentity } from '../src/node.js';
import { PodCache } from '../src/pod-cache.js';
import { Problems } from '../src/problems.js';
import { defaultTiming, type Timing } from '../src/timing.js';
import { nodeKills as kills } from './support/connected.js';
import { FakeServer, type Fault, no } from './support/fake-server.js';

/** Time made short, and no limit on requests: what is to be seen here is that the counts are right. */
const quick: Partial<Timing> = {
  coalesceMs: 1,
  firstPauseMs: 1,
  maxPauseMs: 4,
  parkMs: 20,
  burstRequests: 1e6,
  requestsPerSecond: 1e6,
  drainMs: 100,
};

const rules = {
  nodeEvents: 'system',
  windowMs: 600_000,
  lookbackMs: 3_600_000,
  eventLifeMs: 3_600_000,
} as const;

const started: EventSink[] = [];

afterEach(async () => {
  for (const sink of started.splice(0)) await sink.stop();
});

function startSink(server: FakeServer, journal: Journal, more: Partial<Timing> = {}) {
  const timing = { ...defaultTiming, ...quick, ...more };
  const reported: string[] = [];
  const problems = new Problems((sentence) => reported.push(sentence));
  const { client } = server;
  const node = new NodeIdentity('n1', client, problems, timing);
  const pods = new PodCache(timing.tombstoneMs);
  const sink = new EventSink({ journal, client, node, pods, rules, timing, problems });
  sink.start();
  started.push(sink);
  return { sink, reported, pods };
}

const inPod = (namespace = 'shop', uid = `${namespace}-uid`): Partial<Kill> => ({
  scope: 'container',
  pod: { uid, namespace, name: 'web', container: 'app' },
});

async function until(probe: () => boolean, timeoutMs = 300_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!probe()) {
    if (Date.now() > deadline) throw new Error(`not after ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

const caughtUp = (sink: EventSink) => until(() => sink.health().lag === 0);

describe('the events of the API server', () => {
  test('add up to the kills, whatever happens to requests and answers, and across restarts', async () => {
    const faults = fc.array(
      fc.constantFrom<Fault | undefined>(
        undefined,
        undefined,
        'lost request',
        'lost answer',
        429,
        500,
        503,
        409,
      ),
      { maxLength: 60 },
    );
    const batches = fc.array(fc.tuple(fc.nat({ max: 25 }), fc.nat({ max: 25 }), fc.boolean()), {
      minLength: 1,
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(faults, batches, async (misfortunes, story) => {
        const server = new FakeServer();
        const journal = openJournal();
        const left = [...misfortunes];
        server.fault = () => left.pop();
        let { sink } = startSink(server, journal);
        let node = 0;
        let pod = 0;
        for (const [ofNode, ofPod, restarts] of story) {
          node += ofNode;
          pod += ofPod;
          record(journal, [...kills(ofNode), ...kills(ofPod, inPod())]);
          sink.wake();
          if (restarts) {
            await sink.stop();
            sink = startSink(server, journal).sink;
          }
        }
        await caughtUp(sink);
        expect(server.total('Node')).toBe(node);
        expect(server.total('Pod')).toBe(pod);
        await sink.stop();
      }),
      { numRuns: 40 },
    );
  });

  test('are made anew when the server has forgotten them', async () => {
    const server = new FakeServer();
    const journal = openJournal();
    const { sink } = startSink(server, journal);
    record(journal, kills(15));
    await caughtUp(sink);
    expect(server.total('Node')).toBe(15);
    server.events.clear();
    record(journal, kills(1));
    await caughtUp(sink);
    expect([...server.events.values()]).toMatchObject([{ count: 6 }]);
  });

  test('say how often their workload is killed', async () => {
    const server = new FakeServer();
    const journal = openJournal();
    const { sink } = startSink(server, journal);
    record(journal, kills(3, inPod()));
    await caughtUp(sink);
    const messages = [...server.events.values()].map(({ message }) => message).sort();
    expect(messages).toEqual([
      expect.stringMatching(/; 1st kill of \S+ \S+ /),
      expect.stringMatching(/; 2nd kill of /),
      expect.stringMatching(/; 3rd kill of /),
    ]);
    await sink.stop();
  });

  test('come in the order of the kills, for each object', async () => {
    const server = new FakeServer();
    const journal = openJournal();
    const failing = new Set<string>();
    // The first try of everything fails.
    server.fault = ({ body }) => {
      const { name } = (body as { metadata: { name: string } }).metadata;
      if (failing.has(name)) return undefined;
      failing.add(name);
      return 500;
    };
    const { sink } = startSink(server, journal);
    record(journal, kills(10));
    await caughtUp(sink);
    const pids = [...server.events.values()].map(({ message }) =>
      Number(message.split('pid: ')[1]),
    );
    expect(pids).toEqual([...pids].sort((a, b) => a - b));
  });

  test('follow a node that is made anew, and name it where its UID is not known', async () => {
    const server = new FakeServer();
    const journal = openJournal();
    const { sink, reported } = startSink(server, journal, { nodeMaxAgeMs: 0 });
    const uidOf = async () => {
      record(journal, kills(1));
      await caughtUp(sink);
      return [...server.events.values()].at(-1)?.involvedObject.uid;
    };
    expect(await uidOf()).toBe('node-uid');
    server.nodeUid = 'other-uid';
    expect(await uidOf()).toBe('other-uid');
    server.nodeUid = undefined;
    expect(await uidOf()).toBe('n1');
    expect(reported).toEqual([expect.stringContaining('there is no node n1 in the cluster')]);
  });
});

describe('what the API server refuses', () => {
  test('wait for a kill that may still be amended, and tell what it is then', async () => {
    const server = new FakeServer();
    const journal = openJournal();
    const second = { ...kills(1)[0]!, bootId: 'b', seq: 7 };
    journal.amendable = { bootId: 'b', seq: 7n };
    record(journal, [...kills(1), second]);
    startSink(server, journal);
    await until(() => server.total('Node') === 1);
    journal.amend({ id: second.id, fields: inPod() });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(server.total('Pod')).toBe(0);
    journal.amendable = undefined;
    await until(() => server.total('Pod') === 1);
    expect(server.total('Node')).toBe(1);
  });

  test('for lack of rights is said once, asked for slowly, and delivered when it is granted', async () => {
    const server = new FakeServer();
    const journal = openJournal();
    server.fault = () => 403;
    const { sink, reported } = startSink(server, journal, { parkMs: 150 });
    record(journal, [...kills(30), ...kills(30, inPod())]);
    const begunMs = performance.now();
    const asked = () => server.requests.filter(({ method }) => method === 'POST').length;
    await expect.poll(asked).toBeGreaterThan(4);
    // Two namespaces, and each is asked at once and then for every pause.
    const maxAsked = 2 * (1 + Math.floor((performance.now() - begunMs) / 150));
    expect(asked()).toBeLessThanOrEqual(maxAsked);
    expect(reported).toHaveLength(2);
    expect(reported[0]).toContain('may not create events in the namespace default: grant it');
    expect(sink.health()).toMatchObject({ ok: false, lag: 60, reason: reported[0] });
    server.fault = () => undefined;
    await caughtUp(sink);
    expect([server.total('Node'), server.total('Pod')]).toEqual([30, 30]);
    expect(sink.health()).toMatchObject({ ok: true });
  });

  test('to change is said once, and others go on', async () => {
    const server = new FakeServer();
    const journal = openJournal();
    server.fault = ({ method }) => (method === 'PATCH' ? 403 : undefined);
    const { sink, reported } = startSink(server, journal, { parkMs: 100 });
    record(journal, kills(11));
    await caughtUp(sink);
    record(journal, [...kills(5), ...kills(5, inPod())]);
    const begunMs = performance.now();
    await until(() => server.total('Pod') === 5);
    await new Promise((resolve) => setTimeout(resolve, 250));
    const maxAsked = 2 + (performance.now() - begunMs) / 100;
    expect(server.requests.filter(({ method }) => method === 'PATCH').length).toBeLessThanOrEqual(
      maxAsked,
    );
    expect(reported).toEqual([
      expect.stringContaining('may not patch events in the namespace default'),
    ]);
    server.fault = () => undefined;
    await caughtUp(sink);
    expect(server.total('Node')).toBe(16);
  });

  test('as invalid holds up nobody', async () => {
    const server = new FakeServer();
    const journal = openJournal();
    server.fault = ({ body }) =>
      (body as { message: string }).message.includes('evil') ? 422 : undefined;
    const { sink, reported } = startSink(server, journal, { parkMs: 60_000 });
    record(journal, [...kills(1, { victim: { pid: 1, name: 'evil' } }), ...kills(3)]);
    await until(() => server.total('Node') === 3);
    expect(reported).toHaveLength(1);
    expect(reported[0]).toContain('did not create events in the namespace default (422');
    expect(sink.health()).toMatchObject({ ok: false, lag: 1, failures: 1 });
  });

  test('because the namespace is gone is given up', async () => {
    const server = new FakeServer();
    const journal = openJournal();
    const { client } = server;
    const answer = no(404, { details: { kind: 'namespaces' } });
    const original = client.request.bind(client);
    const gone = Object.create(server, {
      client: {
        value: {
          request: (request: Parameters<typeof original>[0]) =>
            request.path.includes('/gone/') ? Promise.resolve(answer) : original(request),
        },
      },
    });
    const { sink } = startSink(gone, journal);
    record(journal, [...kills(12, inPod('gone')), ...kills(2, inPod('shop'))]);
    await caughtUp(sink);
    expect(server.total('Pod')).toBe(2);
    expect(sink.health()).toMatchObject({ ok: true, failures: 0, givenUp: 12 });
  });
});

describe('a sink', () => {
  test('leaves the server alone for as long as it asks', async () => {
    const server = new FakeServer();
    const journal = openJournal();
    const { client } = server;
    let refusals = 1;
    const request = client.request.bind(client);
    const overloaded = Object.create(server, {
      client: {
        value: {
          request: async (asked: Parameters<typeof request>[0]) =>
            asked.method === 'POST' && refusals-- > 0
              ? { ...no(429), retryAfterMs: 300 }
              : request(asked),
        },
      },
    });
    const { sink } = startSink(overloaded, journal);
    const begunMs = performance.now();
    record(journal, kills(1));
    await caughtUp(sink);
    expect(performance.now() - begunMs).toBeGreaterThan(295);
  });

  test('does not let one that fails hold up others', async () => {
    const server = new FakeServer();
    const journal = openJournal();
    server.fault = ({ path }) => (path.includes('/bad/') ? 500 : undefined);
    const { sink } = startSink(server, journal);
    record(journal, [...kills(3, inPod('bad')), ...kills(20, inPod('good'))]);
    await until(() => server.total('Pod') === 20);
    expect(sink.health()).toMatchObject({ lag: 3 });
  });

  test('sends no more requests than it may', async () => {
    const server = new FakeServer();
    const journal = openJournal();
    const begunMs = performance.now();
    startSink(server, journal, { burstRequests: 5, requestsPerSecond: 20 });
    for (let i = 0; i < 10; i++) record(journal, kills(3, inPod('n', `uid-${i}`)));
    await new Promise((resolve) => setTimeout(resolve, 500));
    const seconds = (performance.now() - begunMs) / 1000;
    expect(server.requests.length).toBeLessThanOrEqual(5 + (seconds + 0.3) * 20);
    await until(() => server.requests.length > 8);
  });

  test('lets kills wait in the journal when too many events wait', async () => {
    const server = new FakeServer();
    const journal = openJournal();
    server.fault = () => 'lost request';
    const { sink } = startSink(server, journal);
    const subjects = 250;
    for (let i = 0; i < subjects; i++) record(journal, kills(12, inPod('n', `uid-${i}`)));
    await until(() => sink.health().failures > 0);
    const waiting = () =>
      journal.store.read(
        (db) => db.prepare('SELECT count(*) AS n FROM kubernetes_events').get()?.n as number,
      );
    expect(waiting()).toBeGreaterThanOrEqual(2_000);
    expect(waiting()).toBeLessThan(2_300);
    expect(sink.health().lag).toBe(12 * subjects);
    server.fault = () => undefined;
    await until(() => server.total('Pod') === 12 * subjects);
  });

  test('counts the kills that the journal forgets before they are events', async () => {
    const server = new FakeServer();
    const journal = openJournal(undefined, { maxKills: 400 });
    server.fault = () => 'lost request';
    const { sink } = startSink(server, journal);
    const subjects = 250;
    for (let i = 0; i < subjects; i++) record(journal, kills(12, inPod('n', `uid-${i}`)));
    await until(() => sink.health().failures > 0);
    for (let i = 0; i < subjects; i++) record(journal, kills(12, inPod('m', `uid-${i}`)));
    server.fault = () => undefined;
    await until(() => sink.health().lag === 0);
    const { skipped } = sink.health();
    expect(skipped).toBeGreaterThan(12 * subjects - 400);
    expect(server.total('Pod') + skipped).toBe(2 * 12 * subjects);
  });

  test('has skipped nothing when it first starts on an old journal', async () => {
    const server = new FakeServer();
    const journal = openJournal(undefined, { maxKills: 5 });
    record(journal, kills(20));
    const { sink } = startSink(server, journal);
    await until(() => server.total('Node') === 5);
    expect(sink.health()).toMatchObject({ lag: 0, skipped: 0 });
  });

  test('tries again what failed after the pause for failures, not after that between two changes', async () => {
    const server = new FakeServer();
    const journal = openJournal();
    let failures = 3;
    server.fault = () => (failures-- > 0 ? 503 : undefined);
    const { sink } = startSink(server, journal, { coalesceMs: 60_000 });
    record(journal, kills(1));
    await caughtUp(sink);
    expect(server.total('Node')).toBe(1);
  });

  test('pauses anew, and not for long, when a server that was away answers at all', async () => {
    const server = new FakeServer();
    const journal = openJournal();
    let tries = 0;
    let backMs = 0;
    // Away until the pauses are seconds long; then it is overloaded for a moment.
    server.fault = () => {
      tries++;
      if (tries <= 12) return 'lost request';
      backMs ||= performance.now();
      return tries <= 14 ? 503 : undefined;
    };
    const { sink } = startSink(server, journal, { firstPauseMs: 1, maxPauseMs: 4_000 });
    const begunMs = performance.now();
    record(journal, kills(1));
    await caughtUp(sink);
    // Each of the last pauses was as long as all before it together.
    expect(performance.now() - backMs).toBeLessThan((backMs - begunMs) / 2);
  });

  test('stops within its time when the server says nothing', async () => {
    const server = new FakeServer();
    const journal = openJournal();
    const silent = Object.create(server, {
      client: {
        value: {
          request: ({ signal }: { signal: AbortSignal }) =>
            new Promise((_, reject) =>
              signal.addEventListener('abort', () => reject(signal.reason)),
            ),
        },
      },
    });
    const { sink } = startSink(silent, journal);
    record(journal, kills(1));
    await new Promise((resolve) => setTimeout(resolve, 20));
    await sink.stop();
  });

  test('delivers at its end what it can', async () => {
    const server = new FakeServer();
    const journal = openJournal();
    const { sink } = startSink(server, journal, { coalesceMs: 60_000, drainMs: 60_000 });
    record(journal, kills(12));
    await until(() => server.total('Node') >= 11);
    record(journal, kills(8));
    await sink.stop();
    expect(server.total('Node')).toBe(20);
  });
});
