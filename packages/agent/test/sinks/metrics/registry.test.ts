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
    'oomwatcher_oom_kills_total{namespace="",pod="",container="",scope="node"} 0',
  );
  expect(text).toContain('oomwatcher_node_oom_kills_total{scope="node"} 0');
  expect(text).toContain('problem_counter{reason="OOMKilling"} 0');
  expect(text).toContain('oomwatcher_unaccounted_oom_kills 0');
});

test('what is not known is absent, not 0', async () => {
  const text = await scrape({ state: { account: () => undefined } });
  expect(text).not.toMatch(/^oomwatcher_unaccounted_oom_kills /m);
  expect(text).not.toMatch(/^oomwatcher_kernel_oom_kills_total /m);
});

test('the state of reader and sinks is reported', async () => {
  const health = { ok: false, lag: 9, failures: 4, skipped: 5, oldestPendingMs: 1_700_000_000_000 };
  const text = await scrape({ state: { sinks: [sinkOf('otlp', health)] } });
  expect(text).toContain('oomwatcher_sink_lag_kills{sink="otlp"} 9');
  expect(text).toContain('oomwatcher_sink_failures_total{sink="otlp"} 4');
  expect(text).toContain('oomwatcher_sink_skipped_kills_total{sink="otlp"} 5');
  expect(text).toContain('oomwatcher_sink_up{sink="otlp"} 0');
  expect(text).toContain(
    'oomwatcher_sink_oldest_pending_timestamp_seconds{sink="otlp"} 1700000000',
  );
  expect(text).toContain('oomwatcher_log_records_lost_total 4');
  expect(text).toContain('oomwatcher_source_info{source="native"} 1');
});

test('a hostile name cannot write a series of its own', async () => {
  const journal = openJournal();
  const forged = `x"} 1\noomwatcher_ready 7\n${hostileName}`;
  const pod = { uid: 'u', namespace: forged, name: forged, container: forged };
  record(journal, killsOf(1, 1, { ...knownOfKill, cgroup: { victim: `/${forged}` }, pod }));
  const text = await scrape({ journal, compatible: true });
  expect(text).not.toMatch(invisible);
  expect(text.match(/^oomwatcher_ready .*/gm)).toEqual(['oomwatcher_ready 1']);
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
