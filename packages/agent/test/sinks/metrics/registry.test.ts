import { expect, test } from 'vitest';
import { killsOf, openJournal, record } from '../../../../journal/test/support/journals.js';
import { hostileName, invisible, knownOfKill } from '../../../../oom/test/support/kills.js';
import { serve, sinkOf } from '../../support/agent-states.js';

async function scrape(options: Parameters<typeof serve>[0] = {}): Promise<string> {
  const { ask } = await serve(options);
  await new Promise((resolve) => setTimeout(resolve, 50));
  const answer = await ask('/metrics');
  expect(answer.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  return answer.text();
}

test('counters are there before the first kill', async () => {
  const text = await scrape({ compatible: true });
  expect(text).toContain(
    'oomwatcher_oom_kills_total{namespace="",pod="",container="",scope="node",workload="",node="worker-3"} 0',
  );
  expect(text).toContain('oomwatcher_node_oom_kills_total{scope="node",node="worker-3"} 0');
  expect(text).toContain('problem_counter{reason="OOMKilling"} 0');
  expect(text).toContain('oomwatcher_unaccounted_oom_kills{node="worker-3"} 0');
});

test('what is not known is absent, not 0', async () => {
  const text = await scrape({ state: { account: () => undefined } });
  expect(text).not.toMatch(/^oomwatcher_unaccounted_oom_kills\{/m);
  expect(text).not.toMatch(/^oomwatcher_kernel_oom_kills_total\{/m);
});

test('the state of reader and sinks is reported', async () => {
  const health = { ok: false, lag: 9, failures: 4, skipped: 5, oldestPendingMs: 1_700_000_000_000 };
  const text = await scrape({ state: { sinks: [sinkOf('otlp', health)] } });
  expect(text).toContain('oomwatcher_sink_lag_kills{sink="otlp",node="worker-3"} 9');
  expect(text).toContain('oomwatcher_sink_failures_total{sink="otlp",node="worker-3"} 4');
  expect(text).toContain('oomwatcher_sink_skipped_kills_total{sink="otlp",node="worker-3"} 5');
  expect(text).toContain('oomwatcher_sink_up{sink="otlp",node="worker-3"} 0');
  expect(text).toContain(
    'oomwatcher_sink_oldest_pending_timestamp_seconds{sink="otlp",node="worker-3"} 1700000000',
  );
  expect(text).toContain('oomwatcher_log_records_lost_total{node="worker-3"} 4');
  expect(text).toContain('oomwatcher_source_info{source="native",node="worker-3"} 1');
});

test('a hostile name cannot write a series of its own', async () => {
  const journal = openJournal();
  const forged = `x"} 1\noomwatcher_ready 7\n${hostileName}`;
  const pod = { uid: 'u', namespace: forged, name: forged, container: forged };
  record(journal, killsOf(1, 1, { ...knownOfKill, cgroup: { victim: `/${forged}` }, pod }));
  const text = await scrape({ journal, compatible: true });
  expect(text).not.toMatch(invisible);
  expect(text.match(/^oomwatcher_ready\b.*/gm)).toEqual(['oomwatcher_ready{node="worker-3"} 1']);
  expect(text).toContain('x\\"} 1\\\\x0aoomwatcher_ready');
});

test('dashboards of cAdvisor and node-problem-detector find their names', async () => {
  const journal = openJournal();
  const pod = { uid: 'u', namespace: 'shop', name: 'web', container: 'app' };
  const kill = {
    ...knownOfKill,
    pod,
    container: { id: 'c'.repeat(64) },
    cgroup: { victim: '/a/b' },
  };
  record(journal, killsOf(1, 2, kill));
  const text = await scrape({ journal, compatible: true });
  expect(text).toContain(
    `container_oom_events_total{id="/a/b",name="${'c'.repeat(64)}",image="",container="app",namespace="shop",pod="web"} 2`,
  );
  expect(text).toContain('problem_counter{reason="OOMKilling"} 2');
  expect(await scrape({ journal })).not.toContain('problem_counter');
});

test('what a kill was is there for tools that size containers, in bytes', async () => {
  const journal = openJournal();
  const kill = {
    ...knownOfKill,
    time: '2026-01-01T00:00:00.500000Z',
    scope: 'container' as const,
    pod: { uid: 'u', namespace: 'shop', name: 'web-5d9c7b8f6d-x2x4z', container: 'app' },
    memory: { usageKiB: 1024, limitKiB: 2048 },
    victim: { pid: 7, name: 'java', anonRssKiB: 3, fileRssKiB: 1 },
  };
  record(journal, killsOf(1, 2, kill));
  const text = await scrape({ journal });
  const labels =
    '{namespace="shop",pod="web-5d9c7b8f6d-x2x4z",container="app",scope="container",workload="web",node="worker-3"}';
  for (const [name, value] of [
    ['oom_kills_total', 2],
    ['oom_kills_created', 1767225600.5],
    ['last_oom_kill_timestamp_seconds', 1767225600.5],
    ['last_oom_kill_usage_bytes', 1048576],
    ['last_oom_kill_limit_bytes', 2097152],
    ['last_oom_kill_resident_bytes', 4096],
  ])
    expect(text).toContain(`oomwatcher_${name}${labels} ${value}\n`);
});

test('a scraper that asks for OpenMetrics gets it', async () => {
  const { ask } = await serve();
  const headers = { accept: 'application/openmetrics-text;version=1.0.0,text/plain;q=0.5' };
  const answer = await ask('/metrics', { headers });
  expect(answer.headers.get('content-type')).toBe(
    'application/openmetrics-text; version=1.0.0; charset=utf-8',
  );
  expect(await answer.text()).toMatch(/# EOF\n$/);
});

test.each([
  ['a container by its short id', { container: { id: 'c'.repeat(64) } }, 'cccccccccccc'],
  ['a unit', { cgroup: { victim: '/system.slice/nginx.service' } }, 'nginx.service'],
  ['no process, whose name anybody may choose', { victim: { pid: 7, name: 'x' } }, ''],
])('where there is no pod the workload is %s', async (_, facts, workload) => {
  const journal = openJournal();
  record(journal, killsOf(1, 1, { ...facts, scope: 'unknown' as never }));
  expect(await scrape({ journal })).toMatch(
    new RegExp(`^oomwatcher_oom_kills_total\\{.*workload="${workload}",node="worker-3"\\} 1$`, 'm'),
  );
});
