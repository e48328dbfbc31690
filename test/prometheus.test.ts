import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Follower } from '@oomwatcher/journal';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../packages/kmsg/test/support/temporary.ts';
import { fillJournal, podKills, servePage } from './support/dashboard.ts';
import {
  dashboard,
  expressionOf,
  expressions,
  expressionsOf,
  interpolated,
} from './support/grafana.ts';
import { builtAgent, prometheus as installedPrometheus, needs } from './support/needs.ts';
import { root } from './support/paths.ts';
import { startPrometheus } from './support/prometheus.ts';

const rules = join(root, 'deploy/prometheus');

/** Panels with a number that is the journal's at any moment. Those over time are held against kills in test/alerts.test.ts. */
const titles = dashboard.panels
  .filter(({ type }) => type !== 'timeseries' && type !== 'row')
  .map(({ title }) => title);

/** The name that queries for node-problem-detector ask for is not what the conventions want. */
const foreign = [
  'problem_counter counter metrics should have "_total" suffix',
  "problem_counter metric name should not include type 'counter'",
];

needs(builtAgent, installedPrometheus).it(
  'a real Prometheus scrapes the kills, under our names and those of kubelet and NPD',
  async () => {
    const folder = temporaryFolder();
    const kills = podKills(40);
    fillJournal(folder, kills);
    await using server = await servePage(folder);
    const target = new URL(server.url).host;
    await using prometheus = await startPrometheus(
      folder,
      `global: {scrape_interval: 1s}\nrule_files: [${join(rules, 'rules.yaml')}]\nscrape_configs: [{job_name: oomwatcher, static_configs: [{targets: ['${target}']}]}]\n`,
    );
    const until = (query: string) => expect.poll(() => prometheus.values(query));
    await until('up{job="oomwatcher"}').toEqual([1]);
    await until('sum(oomwatcher_oom_kills_total)').toEqual([40]);
    await until('sum(oomwatcher_node_oom_kills_total{scope="node"})').toEqual([4]);
    // As the dashboards for kubelet's cAdvisor and node-problem-detector ask.
    await until('sum(container_oom_events_total{container!="",namespace="shop"})').toEqual([40]);
    await until('problem_counter{reason="OOMKilling"}').toEqual([40]);
    for (const expression of expressions()) {
      await prometheus.values(interpolated(expression, { range: 3600, interval: 60 }));
    }
    // A range that all of the journal is in, whose series Prometheus has not seen born.
    const seconds = { range: 10 * 365 * 86_400, interval: 60 };
    const sums = new Map<string, number>();
    for (const title of titles) {
      const values = await prometheus.values(interpolated(expressionOf(title), seconds));
      sums.set(
        title,
        values.reduce((sum, value) => sum + value, 0),
      );
    }
    const lastMs = Math.max(...kills.map(({ time }) => Date.parse(String(time))));
    expect(Object.fromEntries(sums)).toEqual({
      Kills: 40,
      'Last kill': expect.closeTo(lastMs, -1),
      'Nodes out of memory': 1,
      'Unaccounted kills': 0,
      'Agents not ready': 0,
      'Workloads killed most': 40,
      'What was killed, and what the kernel saw at the last kill': 40,
      Nodes: 40,
    });
  },
);

needs(builtAgent, installedPrometheus).it(
  'the panels of lost and forged records and of kills that wait for a sink are what reader and journal count',
  async () => {
    const folder = temporaryFolder();
    fillJournal(folder, podKills(40));
    const log = { kills: 40, repeats: 0, forged: 0, lost: 0, read: 1000, malformed: 0 };
    const followers: Follower[] = [];
    await using server = await servePage(folder, 0, (journal) => {
      const follower = new Follower(journal, { after: 0 });
      followers.push(follower);
      const health = () => ({ ok: true, lag: follower.lag, failures: 0, skipped: 0 });
      const nothing = () => {};
      const stop = async () => {};
      const sink = { name: 'slow', start: nothing, wake: nothing, stop, health };
      return { sinks: [sink], watchStats: () => log };
    });
    const target = new URL(server.url).host;
    await using prometheus = await startPrometheus(
      temporaryFolder(),
      `global: {scrape_interval: 1s}\nscrape_configs: [{job_name: oomwatcher, static_configs: [{targets: ['${target}']}]}]\n`,
    );
    const panel = (title: string) =>
      Promise.all(
        expressionsOf(title).map((expression) =>
          prometheus.values(interpolated(expression, { range: 3600, interval: 60 })),
        ),
      );
    const waiting = () => panel('Kills that wait for a sink');
    await expect.poll(waiting).toEqual([[40]]);
    const [follower] = followers;
    follower?.took(follower.next(25));
    await expect.poll(waiting).toEqual([[15]]);
    expect(server.journal.after(25, 100)).toHaveLength(15);
    // Nothing was lost in any scrape until now.
    await expect.poll(() => panel('Log records lost and forged')).toEqual([[0], [0]]);
    log.lost = 1000;
    log.forged = 100;
    // increase() extrapolates to the borders of its window: by a scrape at either end, and there were two at the least.
    const about = (count: number) => [
      expect.toSatisfy((value: number) => value >= count && value <= 2 * count),
    ];
    await expect
      .poll(() => panel('Log records lost and forged'))
      .toEqual([about(1000), about(100)]);
  },
);

needs(builtAgent, installedPrometheus).it(
  'promtool has nothing to say against the metrics',
  async () => {
    const folder = temporaryFolder();
    fillJournal(folder, podKills(4));
    await using server = await servePage(folder);
    const input = await (await fetch(`${server.url}/metrics`)).text();
    const { stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
      input,
      encoding: 'utf8',
    });
    expect(`${stdout}${stderr}`.trim().split('\n')).toEqual(foreign);
  },
);

needs(installedPrometheus).it('the alert rules are right, and fire for what they are for', () => {
  for (const args of [
    ['check', 'rules', 'rules.yaml'],
    ['test', 'rules', 'rules-test.yaml'],
  ]) {
    const { status, stdout, stderr } = spawnSync('promtool', args, {
      cwd: rules,
      encoding: 'utf8',
    });
    expect(status, `${stdout}${stderr}`).toBe(0);
  }
});

it('the Grafana dashboard and the alert rules ask only for what docs/metrics.md lists', () => {
  const described = readFileSync(join(root, 'docs/metrics.md'), 'utf8');
  const asked = [...expressions(), readFileSync(join(rules, 'rules.yaml'), 'utf8')].join('\n');
  // Behind a colon it is the name of a recorded rule.
  const names = new Set(asked.match(/(?<!:)\boomwatcher_\w+/g));
  expect(names.size).toBeGreaterThan(5);
  for (const name of names) expect(described).toContain(`\`${name}\``);
});
