import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { killsOf, openJournal, record } from '../../../../journal/test/support/journals.js';
import { hostileName, invisible, knownOfKill } from '../../../../oom/test/support/kills.js';
import { type OtlpOptions, OtlpSink } from '../../../src/sinks/otlp/otlp-sink.js';

interface Received {
  attributes: { key: string; value: Record<string, unknown> }[];
  body: { stringValue: string };
  severityNumber: number;
  timeUnixNano: string;
  eventName: string;
}

/** A collector: an OTLP/HTTP receiver that answers a request, which carries the kills of those ids, with that status. */
async function collector(status: (ids: unknown[]) => number = () => 200) {
  const records: Received[] = [];
  const resources: unknown[] = [];
  let requests = 0;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    requests++;
    const { resourceLogs } = JSON.parse(Buffer.concat(chunks).toString());
    const sent: Received[] = [];
    for (const { scopeLogs } of resourceLogs) {
      for (const { logRecords } of scopeLogs) sent.push(...logRecords);
    }
    const isLogs = request.url === '/v1/logs' && request.method === 'POST';
    const code = isLogs ? status(sent.map(idOf)) : 404;
    if (code === 200) {
      records.push(...sent);
      for (const { resource } of resourceLogs) resources.push(...resource.attributes);
    }
    response.writeHead(code, { 'Content-Type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, records, resources, ids: () => records.map(idOf), value, requests: () => requests };
}

const value = (record: Received | undefined, name: string) =>
  record?.attributes.find(({ key }) => key === name)?.value;
const idOf = (record: Received) => value(record, 'log.record.uid')?.stringValue;
/** Not until a moment: a request that is on its way then would be taken. */
const refuses = (first: number) => (ids: unknown[]) =>
  ids.some((id) => Number(String(id).slice(2)) <= first) ? 400 : 200;

function sinkFor(journal = openJournal(), options: Partial<OtlpOptions> & { url: string }) {
  const sink = new OtlpSink(journal, { version: '1', node: 'worker-3', retryMs: 20, ...options });
  const unsubscribe = journal.onChange(() => sink.wake());
  onTestFinished(async () => {
    unsubscribe();
    await sink.stop();
  });
  sink.start();
  return sink;
}

test('a kill is a record under the conventions’ names, with nothing raw in it', async () => {
  const { url, records, resources, value } = await collector();
  const journal = openJournal();
  sinkFor(journal, { url });
  const pod = { uid: 'u', namespace: 'shop', name: hostileName, container: 'app' };
  record(journal, killsOf(1, 1, { ...knownOfKill, pod }));
  await expect.poll(() => records.length).toBe(1);
  const [kill] = records;
  expect(value(kill, 'process.pid')).toEqual({ intValue: 4242 });
  expect(value(kill, 'k8s.namespace.name')).toEqual({ stringValue: 'shop' });
  expect(value(kill, 'k8s.container.name')).toEqual({ stringValue: 'app' });
  expect(value(kill, 'container.id')).toEqual({ stringValue: 'c0ffee' });
  expect(value(kill, 'oomwatcher.memory.limit')).toEqual({ intValue: 524288 * 1024 });
  expect(kill).toMatchObject({ severityNumber: 13, eventName: 'oomwatcher.oom_kill' });
  expect(String(kill?.timeUnixNano)).toBe('1795449600123456000');
  expect(kill?.body.stringValue).toContain('OOM kill: nginx (pid 4242) in pod shop/a\\x1b[2J');
  expect(JSON.stringify(records)).not.toMatch(invisible);
  expect(resources).toContainEqual({ key: 'host.name', value: { stringValue: 'worker-3' } });
});

test('a collector that refuses gets every kill in the end, in order and once', async () => {
  let refusals = 3;
  const { url, ids } = await collector(() => (refusals-- > 0 ? 400 : 200));
  const journal = openJournal();
  record(journal, killsOf(1, 250));
  const sink = sinkFor(journal, { url });
  await expect.poll(() => sink.health().failures).toBeGreaterThan(0);
  await expect.poll(() => sink.health().lag).toBe(0);
  expect(ids()).toEqual(Array.from({ length: 250 }, (_, i) => `b:${i + 1}`));
  expect(sink.health()).toMatchObject({ ok: true, failures: 3 });
});

test('nobody listening is said with the remedy, and the sink stops', async () => {
  const journal = openJournal();
  record(journal, killsOf(1, 1));
  const sink = sinkFor(journal, { url: 'http://127.0.0.1:9', timeoutMs: 500 });
  await expect.poll(() => sink.health().ok).toBe(false);
  expect(sink.health()).toMatchObject({
    lag: 1,
    reason: expect.stringMatching(/^http:\/\/127\.0\.0\.1:9 does not take.*check that a collector/),
    oldestPendingMs: expect.any(Number),
  });
  await sink.stop();
});

test('kills that the journal forgets while the collector is away are counted, the others come', async () => {
  const { url, ids } = await collector(refuses(3));
  const journal = openJournal(undefined, { maxKills: 5 });
  const sink = sinkFor(journal, { url });
  record(journal, killsOf(1, 3));
  await expect.poll(() => sink.health().failures).toBeGreaterThan(0);
  record(journal, killsOf(4, 17));
  await expect.poll(() => sink.health().lag).toBe(0);
  expect(ids()).toEqual(['b:16', 'b:17', 'b:18', 'b:19', 'b:20']);
  expect(sink.health().skipped).toBe(15);
});

test('a refused kill that the journal forgets does not put those after it out of order', async () => {
  const journal = openJournal(undefined, { maxKills: 5 });
  const refusing = refuses(3);
  let forgotten = false;
  const { url, ids } = await collector((sent) => {
    // Alone: the next request would be for the one behind it.
    if (sent.length === 1 && !forgotten) {
      forgotten = true;
      record(journal, killsOf(4, 17));
    }
    return refusing(sent);
  });
  record(journal, killsOf(1, 3));
  const sink = sinkFor(journal, { url });
  await expect.poll(() => sink.health().lag).toBe(0);
  expect(ids()).toEqual(['b:16', 'b:17', 'b:18', 'b:19', 'b:20']);
  expect(sink.health()).toMatchObject({ skipped: 15, givenUp: 0 });
});

test('a first start on an old journal has skipped nothing', async () => {
  const { url, ids } = await collector();
  const journal = openJournal(undefined, { maxKills: 2 });
  record(journal, killsOf(1, 9));
  const sink = sinkFor(journal, { url });
  await expect.poll(() => sink.health().lag).toBe(0);
  expect(ids()).toEqual(['b:8', 'b:9']);
  expect(sink.health().skipped).toBe(0);
});

test('the sink wakes again though the journal forgot all that had failed', async () => {
  const { url, ids } = await collector(refuses(1));
  const journal = openJournal(undefined, { keepMs: 50 });
  const sink = sinkFor(journal, { url });
  record(journal, killsOf(1, 1));
  await expect.poll(() => sink.health().failures).toBeGreaterThan(0);
  await new Promise((resolve) => setTimeout(resolve, 60));
  journal.prune();
  expect(journal.rows()).toBeUndefined();
  // It has tried again by then, and found nothing to send.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  record(journal, killsOf(2, 1));
  await expect.poll(ids).toEqual(['b:2']);
  expect(sink.health().skipped).toBe(1);
});

test('after a restart only what is new is sent', async () => {
  const { url, ids } = await collector();
  const journal = openJournal();
  record(journal, killsOf(1, 2));
  const first = sinkFor(journal, { url });
  await expect.poll(() => first.health().lag).toBe(0);
  await first.stop();
  record(journal, killsOf(3, 1));
  const second = sinkFor(journal, { url });
  await expect.poll(() => second.health().lag).toBe(0);
  expect(ids()).toEqual(['b:1', 'b:2', 'b:3']);
});

test('a kill waits for its pod’s name; an old one from before the first start is not sent', async () => {
  const { url, ids, records, value } = await collector();
  const journal = openJournal();
  const old = killsOf(1, 1, { time: '2001-01-01T00:00:00.000000Z' });
  journal.append({ kills: old, cursor: undefined, tallies: {}, historic: () => true });
  const sink = sinkFor(journal, { url, nameWaitMs: 60_000 });
  record(journal, killsOf(2, 1, { pod: { uid: 'u' } }));
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(ids()).toEqual([]);
  journal.complete('b:2', { namespace: 'shop', name: 'web' });
  await expect.poll(() => sink.health().lag).toBe(0);
  expect(ids()).toEqual(['b:2']);
  expect(value(records[0], 'k8s.pod.name')).toEqual({ stringValue: 'web' });
});

const kill = (collector: { url: string }, retryMs = 20) => {
  const journal = openJournal();
  const sink = sinkFor(journal, { url: collector.url, retryMs });
  record(journal, killsOf(1, 3));
  return sink;
};

/** Answers with just this. */
async function answering(answer: (response: ServerResponse) => void) {
  let requests = 0;
  const server = createServer((request, response) => {
    requests++;
    request.resume().on('end', () => answer(response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, requests: () => requests };
}

test.each([
  ['a login page', 200, 'text/html', '<html>'],
  ['an empty page', 200, 'text/html', ''],
  ['a text', 200, 'text/plain', 'OK'],
  ['a list', 200, 'application/json', '[]'],
  ['null', 200, 'application/json', 'null'],
  ['another shape', 200, 'application/json', '{"partialSuccess":7}'],
  [
    'rejected records that are no number',
    200,
    'application/json',
    '{"partialSuccess":{"rejectedLogRecords":"x"}}',
  ],
  ['a redirect', 302, 'text/html', ''],
])('%s is no collector: nothing is delivered', async (_, status, type, body) => {
  const server = await answering((response) =>
    response.writeHead(status, { 'content-type': type, location: '/' }).end(body),
  );
  const sink = kill(server);
  await expect.poll(() => sink.health().failures).toBeGreaterThan(1);
  expect(sink.health()).toMatchObject({ ok: false, lag: 3, givenUp: 0 });
});

test.each([
  ['{}', 0],
  ['', 0],
  ['{"partialSuccess":null}', 0],
  ['{"partialSuccess":{}}', 0],
  ['{"partialSuccess":{"errorMessage":"a warning"}}', 0],
  ['{"partialSuccess":{"rejectedLogRecords":"2","errorMessage":"too old"}}', 2],
  ['{"partialSuccess":{"rejectedLogRecords":1}}', 1],
  ['{"partialSuccess":{"rejectedLogRecords":999999}}', 3],
])('of the answer %j so many are rejected: %i', async (body, rejected) => {
  const server = await answering((response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(body),
  );
  const sink = kill(server);
  await expect.poll(() => sink.health().lag).toBe(0);
  expect(sink.health()).toMatchObject({ ok: true, failures: 0, givenUp: rejected });
  expect(server.requests()).toBe(1);
});

test.each<[string, (response: ServerResponse) => void]>([
  [
    'is cut',
    (response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 99 });
      response.write('{}');
      setTimeout(() => response.destroy(), 10);
    },
  ],
  [
    'trickles',
    (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const timer = setInterval(() => response.write(' '), 5);
      response.on('close', () => clearInterval(timer));
    },
  ],
  [
    'has no end',
    (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536, 32)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    },
  ],
  ['never comes', () => {}],
])('an answer that %s costs an attempt its time, and no more', async (_, answer) => {
  const server = await answering(answer);
  const journal = openJournal();
  record(journal, killsOf(1, 3));
  const sink = sinkFor(journal, { url: server.url, timeoutMs: 150 });
  await expect.poll(() => sink.health().failures).toBeGreaterThan(1);
  expect(sink.health()).toMatchObject({ ok: false, lag: 3 });
});

test('a collector is left alone for as long as it asks', async () => {
  const atMs: number[] = [];
  const server = await answering((response) => {
    atMs.push(performance.now());
    response.writeHead(503, { 'retry-after': '1' }).end();
  });
  const sink = kill(server, 1);
  await expect.poll(() => sink.health().failures).toBeGreaterThan(1);
  const [first = 0, second = 0] = atMs;
  expect(second - first).toBeGreaterThan(990);
});

test('no header or password of ours is in what is reported, whatever a collector repeats', async () => {
  vi.stubEnv('OTEL_EXPORTER_OTLP_HEADERS', 'authorization=Bearer%20the-secret-token');
  onTestFinished(() => void vi.unstubAllEnvs());
  let header: string | undefined;
  const server = await answering((response) => {
    header = response.req.headers.authorization;
    const said = `the-secret-token ${header}`;
    // Never given up: the reason stays.
    response.writeHead(503, said, { 'content-type': said }).end(said);
  });
  const sink = kill({ url: `http://agent:the-secret-word@127.0.0.1:${server.port}` });
  await expect.poll(() => sink.health().failures).toBeGreaterThan(0);
  expect(header).toBe('Bearer the-secret-token');
  expect(sink.health().reason).toContain(`http://127.0.0.1:${server.port} does not take`);
  expect(sink.health().reason).not.toMatch(/secret/);
});

/** A collector that takes every record but one, and says so in this way; `most`: no more at once. */
async function picky(poison: string, refuse: (response: ServerResponse) => void, most = 1000) {
  const ids: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const sent = [
      ...Buffer.concat(chunks)
        .toString()
        .matchAll(/"(b:\d+)"/g),
    ].map(([, id]) => `${id}`);
    if (sent.includes(poison) || sent.length > most) return refuse(response);
    ids.push(...sent);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, ids };
}

const ownWord = (code: number) => (response: ServerResponse) =>
  response
    .writeHead(code, { 'content-type': 'application/json' })
    .end('{"code":3,"message":"cannot be decoded"}');

test.each<[string, (response: ServerResponse) => void]>([
  ['400 in its own word', ownWord(400)],
  ['413 in its own word', ownWord(413)],
  ['400 without a word', (response) => response.writeHead(400).end()],
  ['500', (response) => response.writeHead(500).end('<html>')],
  ['403, as a firewall', (response) => response.writeHead(403).end('<html>')],
  ['the end of the connection', (response) => response.destroy()],
])(
  'a record that is answered for ever by %s is given up, told, and holds up none behind it',
  async (_, refuse) => {
    const server = await picky('b:77', refuse);
    const journal = openJournal();
    record(journal, killsOf(1, 250));
    const told: string[] = [];
    const sink = sinkFor(journal, { url: server.url, retryMs: 1, report: (s) => told.push(s) });
    await expect.poll(() => sink.health().lag).toBe(0);
    expect(sink.health()).toMatchObject({ ok: true, givenUp: 1, skipped: 0 });
    const others = killsOf(1, 250).map(({ id }) => id);
    expect([...server.ids].sort()).toEqual(others.filter((id) => id !== 'b:77').sort());
    expect(told).toEqual([
      expect.stringMatching(/will never take a log record.*stay in the journal/),
    ]);
  },
);

test('a last record that is refused without a word waits until another one is taken', async () => {
  const server = await picky('b:3', (response) => response.writeHead(400).end());
  const journal = openJournal();
  record(journal, killsOf(1, 3));
  const sink = sinkFor(journal, { url: server.url, retryMs: 1 });
  await expect.poll(() => sink.health().failures).toBeGreaterThan(12);
  expect(sink.health()).toMatchObject({ ok: false, lag: 1, givenUp: 0 });
  record(journal, killsOf(4, 1));
  await expect.poll(() => sink.health().lag).toBe(0);
  expect(sink.health()).toMatchObject({ ok: true, givenUp: 1 });
  expect(server.ids).toEqual(['b:1', 'b:2', 'b:4']);
});

test('a collector for which a batch is too big gets smaller ones, each record once and in order', async () => {
  const server = await picky('', ownWord(413), 7);
  const journal = openJournal();
  record(journal, killsOf(1, 250));
  const sink = sinkFor(journal, { url: server.url });
  await expect.poll(() => sink.health().lag).toBe(0);
  expect(server.ids).toEqual(killsOf(1, 250).map(({ id }) => id));
  expect(sink.health()).toMatchObject({ ok: true, givenUp: 0 });
});

test.each([400, 403, 404, 413, 500, 503])(
  'an outage in which everything is answered %i loses nothing',
  async (status) => {
    let away = true;
    const { url, ids } = await collector(() => (away ? status : 200));
    const journal = openJournal();
    record(journal, killsOf(1, 130));
    const sink = sinkFor(journal, { url, retryMs: 1 });
    await expect.poll(() => sink.health().failures).toBeGreaterThan(16);
    away = false;
    await expect.poll(() => sink.health().lag).toBe(0);
    expect(new Set(ids())).toEqual(new Set(killsOf(1, 130).map(({ id }) => id)));
    expect(sink.health().givenUp).toBe(0);
  },
);
