import { expect, test } from 'vitest';
import { hostileName, invisible } from '../../../../oom/test/support/kills.js';
import { serve } from '../../support/agent-states.js';
import { growing, recorderOf } from '../../support/memory-sources.js';

const pod =
  '/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2bc583_7b34_4d1c_9a53_6e2f8d0b4a17.slice';

async function scrape(runs: Parameters<typeof recorderOf>[0]) {
  const { runUps, asked } = recorderOf(runs);
  const { ask } = await serve({ state: { runUps } });
  return { text: await (await ask('/metrics')).text(), asked };
}

test('a cgroup above 80 % has its shares and its time; one below has no series', async () => {
  const { text } = await scrape([
    growing(pod, { fromKiB: 50_000, kibPerS: 200, limitKiB: 100_000 }),
    growing('/calm', { fromKiB: 10_000, kibPerS: 100, limitKiB: 100_000 }),
  ]);
  const labels = `{cgroup="${pod}",pod_uid="0c2bc583-7b34-4d1c-9a53-6e2f8d0b4a17",container_id="",node="worker-3"}`;
  expect(text).toContain(`oomwatcher_memory_usage_ratio${labels} 0.9\n`);
  expect(text).toContain(`oomwatcher_memory_working_set_ratio${labels} 0.9\n`);
  expect(text).toContain(`oomwatcher_memory_time_to_limit_seconds${labels} 50\n`);
  expect(text).not.toContain('/calm');
});

test('what does not grow steadily has no time', async () => {
  const { text } = await scrape([
    growing('/full', { fromKiB: 97_000, kibPerS: 0, limitKiB: 100_000 }),
  ]);
  expect(text).toContain('oomwatcher_memory_usage_ratio{cgroup="/full"');
  expect(text).not.toMatch(/^oomwatcher_memory_time_to_limit_seconds\{/m);
});

test('a node of a thousand full cgroups makes no thousand series, and is asked once a scrape', async () => {
  const runs = Array.from({ length: 1000 }, (_, i) =>
    growing(`/c${i}`, { fromKiB: 90_000, kibPerS: 0, limitKiB: 100_000, seconds: 10 }),
  );
  const { text, asked } = await scrape(runs);
  expect(text.match(/^oomwatcher_memory_usage_ratio\{/gm)).toHaveLength(100);
  expect(asked).toEqual([[0.8, 100]]);
});

test('a hostile path writes no series of its own', async () => {
  const path = `/x"} 1\noomwatcher_ready 7\n${hostileName}`;
  const { text } = await scrape([
    growing(path, { fromKiB: 90_000, kibPerS: 0, limitKiB: 100_000 }),
  ]);
  expect(text.match(/^oomwatcher_ready\b.*/gm)).toEqual(['oomwatcher_ready{node="worker-3"} 1']);
  expect(text).not.toMatch(invisible);
});
