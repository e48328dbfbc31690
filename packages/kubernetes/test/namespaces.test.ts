import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { connected, nodeKills, podKills, until } from './support/connected.js';
import { type Asked, apiPod, HttpApi, no } from './support/http-api.js';

/** An API server with a pod in each namespace, and what it does with the events of one. */
async function serverOf(
  namespace: string,
  answer: (response: ServerResponse, asked: Asked) => void,
) {
  const api = await HttpApi.start();
  api.pods = [
    apiPod('good', { namespace: 'good' }),
    ...Array.from({ length: 300 }, (_, i) => apiPod(`bad${i}`, { namespace })),
  ];
  api.meddle = (asked, response) => {
    const isMeant = asked.path.startsWith(`/api/v1/namespaces/${namespace}/events`);
    if (isMeant) answer(response, asked);
    return isMeant;
  };
  return api;
}

const refusals: [string, (response: ServerResponse) => void][] = [
  ['403 (a quota, a policy, no binding)', (response) => no(response, 403, { message: 'quota' })],
  ['422', (response) => no(response, 422)],
  ['500 (a webhook that fails)', (response) => no(response, 500)],
  ['a page of something in front of it', (response) => response.writeHead(200).end('<html>')],
  ['a cut connection', (response) => response.destroy()],
];

describe('a namespace', () => {
  test.each(refusals)('that answers %s holds up nobody else', async (how, answer) => {
    const api = await serverOf('bad', answer);
    const { record, sink } = connected(api, { timing: { parkMs: 60_000, requestsPerSecond: 200 } });
    await until(() => api.count('GET', 'watch=true') > 0);
    // More events than may wait altogether.
    for (let i = 0; i < 300; i++) record(podKills(12, `bad${i}`));
    record([...podKills(15, 'good'), ...nodeKills(15)]);
    await until(() => api.total('Pod', 'good') === 15 && api.total('Node') === 15);
    await until(() => sink.health().lag === 300 * 12);
    expect(sink.health()).toMatchObject({ skipped: 0, givenUp: 0 });
    // A tenant must not make the agent one that is not ready; connections he cannot cut.
    if (how === 'a cut connection') return;
    const goodMs = Date.now();
    record([...podKills(1, 'good'), ...nodeKills(1)]);
    await until(() => sink.health().ok);
    expect(sink.health().reason).toBeDefined();
    expect(sink.health().oldestPendingMs ?? Date.now()).toBeGreaterThan(goodMs - 5_000);
  });

  test('that takes events again gets every kill that was left in the journal, once', async () => {
    let isOver = false;
    const api = await serverOf('bad', (response, asked) => {
      if (isOver) api.serve(asked, response);
      else no(response, 403);
    });
    const { record, sink } = connected(api);
    await until(() => api.count('GET', 'watch=true') > 0);
    for (let i = 0; i < 100; i++) record(podKills(12, `bad${i}`));
    record(podKills(5, 'good'));
    await until(() => api.total('Pod', 'good') === 5);
    isOver = true;
    const all = () => api.total('Pod', 'bad') === 100 * 12;
    await until(all, () => JSON.stringify(sink.health()));
    await until(() => sink.health().lag === 0 && sink.health().ok);
    expect(sink.health()).toMatchObject({ ok: true, skipped: 0, givenUp: 0 });
  });

  test('that takes none for an event’s life has its kills given up, and counted', async () => {
    const api = await serverOf('bad', (response) => no(response, 403));
    const { record, sink } = connected(api, { timing: { eventLifeMs: 1_500 } });
    await until(() => api.count('GET', 'watch=true') > 0);
    for (let i = 0; i < 200; i++) record(podKills(12, `bad${i}`));
    record(podKills(5, 'good'));
    await until(
      () => sink.health().lag === 0,
      () => JSON.stringify(sink.health()),
    );
    expect(sink.health()).toMatchObject({ ok: true, skipped: 0, givenUp: 200 * 12 });
    expect([api.total('Pod', 'good'), api.total('Pod', 'bad')]).toEqual([5, 0]);
  });

  test('that is deleted while it answers nothing but 503 leaves no trouble behind', async () => {
    let isGone = false;
    const api = await serverOf('bad', (response) => {
      if (isGone) no(response, 404, { details: { kind: 'namespaces' } });
      else no(response, 503);
    });
    const { record, sink } = connected(api);
    await until(() => api.count('GET', 'watch=true') > 0);
    record(podKills(3, 'bad0'));
    await until(() => !sink.health().ok);
    isGone = true;
    await until(() => sink.health().lag === 0 && sink.health().ok);
    expect(sink.health().givenUp).toBe(3);
  });
});

describe('what is not the server’s own no', () => {
  test.each([404, 307, 403, 400, 422])(
    '(%i) for a moment costs a moment, not the time for which a no is believed',
    async (status) => {
      const api = await HttpApi.start();
      let isOver = false;
      api.meddle = ({ method }, response) => {
        if (method === 'GET' || isOver) return false;
        response.writeHead(status, { location: '/', 'content-type': 'text/html' }).end('<html>');
        return true;
      };
      const { record, sink } = connected(api, { timing: { parkMs: 60_000 } });
      record(nodeKills(3));
      await until(() => sink.health().failures > 1);
      isOver = true;
      await until(() => sink.health().lag === 0 && sink.health().ok);
      expect(api.total('Node')).toBe(3);
    },
  );

  test.each([
    ['a login page', 200, 'text/html', '<html>'],
    ['an empty JSON object', 201, 'application/json', '{}'],
    ['another event', 201, 'application/json', '{"kind":"Event","metadata":{"name":"x"}}'],
    ['a status of success', 200, 'application/json', '{"kind":"Status","status":"Success"}'],
    ['nothing', 204, 'application/json', ''],
  ])('is no delivery either: %s', async (_, status, type, body) => {
    const api = await HttpApi.start();
    let isOver = false;
    api.meddle = ({ method }, response) => {
      if (method === 'GET' || isOver) return false;
      response.writeHead(status, { 'content-type': type }).end(body);
      return true;
    };
    const { record, sink } = connected(api);
    record(nodeKills(15));
    await until(() => sink.health().failures > 2);
    expect(sink.health()).toMatchObject({ ok: false, lag: 15 });
    isOver = true;
    await until(() => sink.health().lag === 0 && sink.health().ok);
    expect(api.total('Node')).toBe(15);
  });
});

describe('a node', () => {
  test('that was missing at the start is looked for until it is there', async () => {
    const api = await HttpApi.start();
    api.meddle = ({ path }, response) => {
      const isMeant = path.startsWith('/api/v1/nodes/');
      if (isMeant) no(response, 404, { details: { kind: 'nodes' } });
      return isMeant;
    };
    const { sink } = connected(api, { timing: { nodeMaxAgeMs: 50 } });
    await until(() => !sink.health().ok);
    await sleep(100);
    api.meddle = () => false;
    // Though no event needs it.
    await until(() => sink.health().ok);
  });
});
