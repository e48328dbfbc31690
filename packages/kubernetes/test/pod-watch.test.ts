import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { connected, podKills, until } from './support/connected.js';
import { apiPod, HttpApi, json, no } from './support/http-api.js';

interface How {
  status: number;
  type?: string;
  lines?: string;
}

const isWatch = ({ path }: { path: string }) => path.includes('watch=true');
const isList = ({ path }: { path: string }) => path.includes('limit=');

describe('the watch of pods', () => {
  test('is no trouble any more as soon as it is answered', async () => {
    const api = await HttpApi.start();
    const { sink } = connected(api);
    await until(() => api.count('GET', 'watch=true') > 0);
    api.meddle = (asked, response) => {
      if (isWatch(asked)) response.destroy();
      return isWatch(asked);
    };
    api.cutWatches();
    await until(() => !sink.health().ok);
    expect(sink.health().reason).toContain('does not answer');
    api.meddle = () => false;
    // Its end would be 290 s later.
    await until(() => sink.health().ok);
  });

  test('that is cut goes on from where it stood, with no list', async () => {
    const api = await HttpApi.start();
    const { sink, enrich } = connected(api);
    const [kill] = podKills(1, 'late');
    for (let cuts = 1; cuts <= 5; cuts++) {
      await until(() => api.count('GET', 'watch=true') >= cuts);
      api.cutWatches();
    }
    await until(() => api.count('GET', 'watch=true') > 5);
    api.report('ADDED', apiPod('late'));
    await until(() => kill !== undefined && enrich(kill).pod?.name === 'pod-late');
    expect(api.count('GET', 'limit=')).toBe(1);
    await until(() => sink.health().ok);
  });

  test.each([
    ['500', { status: 500 }, 1],
    ['a page of something else', { status: 200, type: 'text/html' }, 1],
    ['lines that are none', { status: 200, lines: 'null\n' }, 1],
    ['cut lines', { status: 200, lines: '{"type":' }, 1],
    ['an error in its lines', { status: 200, lines: '{"type":"ERROR","object":{}}\n' }, 30],
    ['expired', { status: 410 }, 30],
  ])('that ends with %s is asked for with longer and longer pauses', async (_, how, maxLists) => {
    const api = await HttpApi.start();
    api.meddle = (asked, response) => {
      if (!isWatch(asked)) return false;
      const { status, type = 'application/json', lines } = how as How;
      if (status >= 400) no(response, status);
      else response.writeHead(status, { 'content-type': type }).end(lines);
      return true;
    };
    // The pauses come to 640 ms; before, each was 5 ms and a list with it.
    connected(api, { timing: { firstPauseMs: 5, maxPauseMs: 640 } });
    await until(() => api.count('GET', 'watch=true') > 2);
    const begunMs = performance.now();
    await sleep(1_500);
    const watches = api.count('GET', 'watch=true');
    // By chance a pause is down to half of its length.
    expect(watches).toBeLessThan(15 + (performance.now() - begunMs) / 320);
    expect(api.count('GET', 'limit=')).toBeLessThanOrEqual(Math.min(maxLists, watches + 1));
  });

  test.each([
    ['watch', isWatch],
    ['list', isList],
  ])('is left alone for as long as the server asks (%s)', async (_, isMeant) => {
    const api = await HttpApi.start();
    api.pods = [apiPod('a')];
    api.meddle = (asked, response) => {
      if (isMeant(asked)) no(response, 429, {}, { 'retry-after': '1' });
      return isMeant(asked);
    };
    const { sink, record } = connected(api);
    // The answer is there: before it, a second request would be nobody's fault.
    await until(() => !sink.health().ok);
    // It would be looked for by a list.
    record(podKills(1, 'unknown'));
    await until(() => api.asked.filter(isMeant).length >= 2);
    const [first, second] = api.asked.filter(isMeant);
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThan(990);
  });
});

describe('the list of pods', () => {
  test('that failed for one kill is no trouble any more when its pod is found otherwise', async () => {
    const api = await HttpApi.start();
    const { sink, record } = connected(api);
    await until(() => api.count('GET', 'watch=true') > 0);
    api.meddle = (asked, response) => {
      if (isList(asked)) no(response, 500);
      return isList(asked);
    };
    record(podKills(1, 'late'));
    await until(() => !sink.health().ok);
    // No list comes after it, for the watch goes on.
    api.report('ADDED', apiPod('late'));
    await until(() => sink.health().ok && sink.health().lag === 0);
  });

  test.each([
    ['one token for ever', () => 'again'],
    ['a new token each time', (pages: number) => `token-${pages}`],
  ])('that has no end (%s) is left, and asked for slowly', async (_, tokenOf) => {
    const api = await HttpApi.start();
    let pages = 0;
    api.meddle = (asked, response) => {
      if (!isList(asked)) return false;
      const items = Array.from({ length: 50 }, (_, i) => apiPod(`p${pages}-${i}`));
      const metadata = { resourceVersion: '1', continue: tokenOf(pages++) };
      json(response, 200, { kind: 'PodList', metadata, items });
      return true;
    };
    const { reported, sink } = connected(api, {
      timing: { parkMs: 60_000, burstReads: 1e6, readsPerSecond: 1e6 },
    });
    await until(() => reported.some((sentence) => sentence.includes('has no end')));
    await sleep(200);
    expect(pages).toBeLessThanOrEqual(200);
    expect(sink.health().ok).toBe(false);
  });

  test('is read at a pace, whatever the server does', async () => {
    const api = await HttpApi.start();
    let pages = 0;
    api.meddle = (asked, response) => {
      if (!isList(asked)) return false;
      const metadata = { continue: `token-${pages++}` };
      json(response, 200, { kind: 'PodList', metadata, items: [] });
      return true;
    };
    connected(api, { timing: { burstReads: 10, readsPerSecond: 10 } });
    await until(() => pages >= 10);
    const begunMs = performance.now();
    await sleep(500);
    const seconds = (performance.now() - begunMs) / 1000;
    expect(pages).toBeLessThanOrEqual(10 + 10 * (seconds + 0.5));
  });

  test('whose pages are too big is asked for in smaller ones', async () => {
    const api = await HttpApi.start();
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': 'x'.repeat(200_000) };
    api.pods = Array.from({ length: 60 }, (_, i) => {
      const pod = apiPod(`p${i}`) as { metadata: object };
      return { ...pod, metadata: { ...pod.metadata, annotations } };
    });
    const { record, journal, sink } = connected(api);
    await until(() => api.count('GET', 'watch=true') > 0);
    record(podKills(1, 'p59'));
    expect(journal.find({ limit: 1 })[0]?.kill.pod?.name).toBe('pod-p59');
    await until(() => sink.health().ok);
  });
});
