import { join } from 'node:path';
import { expect } from 'vitest';
import { temporaryFolder } from '../packages/kmsg/test/support/temporary.ts';
import { accountBegins } from './support/account-begins.ts';
import { agentWithPage } from './support/dashboard.ts';
import { expressionOf, interpolated } from './support/grafana.ts';
import { builtAgent, prometheus as installedPrometheus, needs, oomKills } from './support/needs.ts';
import { root } from './support/paths.ts';
import { startPrometheus } from './support/prometheus.ts';
import { killReported, kubeletCgroup, runStorm } from './support/storm.ts';

/** In a cluster the target has labels of its own: those of the agent's pod. */
const scrape = (target: string) => `
global: {scrape_interval: 10s, evaluation_interval: 1s}
rule_files: [${join(root, 'deploy/prometheus/rules.yaml')}]
scrape_configs:
  - job_name: any-name
    honor_labels: true
    static_configs:
      - targets: ['${target}']
        labels: {namespace: monitoring, pod: oomwatcher-x2x4z}
`;

needs(builtAgent, installedPrometheus, oomKills).it(
  'first kills, 60 between two scrapes and those of a host without Kubernetes fire their alerts, and panels count them all',
  async () => {
    const stateDir = temporaryFolder();
    const { agent, url } = await agentWithPage(stateDir, '127.0.0.1:0', [
      '--node-name',
      'worker-3',
    ]);
    await using _ = agent;
    await accountBegins(agent.pid);
    const target = new URL(url).host;
    await using prometheus = await startPrometheus(temporaryFolder(), scrape(target));
    // Other tests' kills are in the kernel's log, and so in the journal.
    const journal = async () => {
      const answer = await fetch(`${url}/metrics`);
      const counts = /^oomwatcher_node_oom_kills_total\{.*\} (\d+)$/gm;
      return total([...(await answer.text()).matchAll(counts)].map(([, kills]) => Number(kills)));
    };
    const known = async () => total(await prometheus.values('oomwatcher_node_oom_kills_total'));
    await expect.poll(() => prometheus.values('up')).toEqual([1]);
    await expect.poll(async () => (await known()) - (await journal())).toBe(0);
    const before = await known();
    const startS = Math.ceil(Date.now() / 1000);

    const pod = kubeletCgroup();
    const unit = `/oomwatcher-alerts.slice/oomw${process.pid}x.service`;
    const first = await killReported({ cgroups: [pod.path], comm: 'first' });
    await runStorm({ kills: 60, cgroups: [unit], parallel: 8, comm: 'burst-%i' });
    await agent.until('reports the first', () => agent.killOf(first.pid));
    await agent.until('reports all', () => agent.kills('burst').length >= 60 || undefined);

    const firing = async () =>
      (await prometheus.query('ALERTS{alertname="ContainerOOMKilled",alertstate="firing"}')).map(
        ({ labels: { node, namespace, pod: name, container, workload } }) => ({
          node,
          namespace,
          name,
          container,
          workload,
        }),
      );
    const none = { namespace: undefined, name: undefined };
    await expect.poll(firing).toEqual(
      expect.arrayContaining([
        {
          ...none,
          node: 'worker-3',
          container: undefined,
          workload: `oomw${process.pid}x.service`,
        },
        { ...none, node: 'worker-3', container: 'unknown', workload: pod.podUid },
      ]),
    );

    // A range that all kills since the node's boot are in.
    const seconds = { range: 10 * 365 * 86_400, interval: 15 };
    const sumOf = async (title: string) =>
      total(await prometheus.values(interpolated(expressionOf(title), seconds)));
    const barsOf = async () => {
      const steps = Math.ceil((Date.now() / 1000 - startS) / seconds.interval);
      const endS = startS + steps * seconds.interval;
      const query = interpolated(expressionOf('Kills by whose limit'), seconds);
      return total(
        await prometheus.range(query, startS + seconds.interval, endS, seconds.interval),
      );
    };
    await expect
      .poll(async () => {
        const kills = await journal();
        const sums = [
          await sumOf('Kills'),
          await sumOf('What was killed, and what the kernel saw at the last kill'),
          await sumOf('Nodes'),
          before + (await barsOf()),
        ];
        return sums.map((sum) => sum - kills);
      })
      .toEqual([0, 0, 0, 0]);
    // Some of a storm may have no place.
    const burst = `workload=~"oomw${process.pid}x.service|"`;
    // A rule is a second behind what it is computed from.
    await expect
      .poll(() => prometheus.values(`sum(workload:oomwatcher_oom_kills:rise10m{${burst}})`))
      .toEqual([expect.toSatisfy((rise) => rise >= 60)]);
    await expect
      .poll(() =>
        prometheus.values(`oomwatcher_last_oom_kill_limit_bytes{workload="${pod.podUid}"}`),
      )
      .toHaveLength(1);

    await agent.stop();
    const down = 'ALERTS{alertname="OOMWatcherDown"}';
    await expect
      .poll(async () => (await prometheus.query(down)).map(({ labels }) => labels.node))
      .toEqual(['worker-3']);
  },
);

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
