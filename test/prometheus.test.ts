import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../packages/kmsg/test/support/temporary.ts';
import { fillJournal, podKills, servePage } from './support/dashboard.ts';
import { builtAgent, needs, prometheus } from './support/needs.ts';
import { root } from './support/paths.ts';

const rules = join(root, 'deploy/prometheus');
const dashboard = join(root, 'deploy/grafana/oomwatcher.json');

/** The name that queries for node-problem-detector ask for is not what the conventions want. */
const foreign = [
  'problem_counter counter metrics should have "_total" suffix',
  "problem_counter metric name should not include type 'counter'",
];

needs(builtAgent, prometheus).it(
  'a real Prometheus scrapes the kills, under our names and those of kubelet and NPD',
  async () => {
    const folder = temporaryFolder();
    fillJournal(folder, podKills(40));
    await using server = await servePage(folder);
    const target = new URL(server.url).host;
    writeFileSync(
      join(folder, 'prometheus.yaml'),
      `global: {scrape_interval: 1s}\nrule_files: [${join(rules, 'rules.yaml')}]\nscrape_configs: [{job_name: oomwatcher, static_configs: [{targets: ['${target}']}]}]\n`,
    );
    const child = spawn(
      'prometheus',
      [
        `--config.file=${join(folder, 'prometheus.yaml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        '--web.listen-address=127.0.0.1:0',
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    try {
      const url = await listening(child.stderr);
      const ask = async (query: string) => {
        const answer = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(query)}`);
        const { data } = (await answer.json()) as {
          data: { result: { value: [number, string] }[] };
        };
        return data.result.map(({ value }) => Number(value[1]));
      };
      const until = (query: string) => expect.poll(() => ask(query));
      await until('up{job="oomwatcher"}').toEqual([1]);
      await until('sum(oomwatcher_oom_kills_total)').toEqual([40]);
      await until('sum(oomwatcher_node_oom_kills_total{scope="node"})').toEqual([4]);
      // As the dashboards for kubelet's cAdvisor and node-problem-detector ask.
      await until('sum(container_oom_events_total{container!="",namespace="shop"})').toEqual([40]);
      await until('problem_counter{reason="OOMKilling"}').toEqual([40]);
      for (const expression of expressions()) {
        const query = expression.replaceAll('$__rate_interval', '5m');
        const answer = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(query)}`);
        expect(answer.status, query).toBe(200);
      }
    } finally {
      child.kill();
      await once(child, 'close');
    }
  },
);

needs(builtAgent, prometheus).it('promtool has nothing to say against the metrics', async () => {
  const folder = temporaryFolder();
  fillJournal(folder, podKills(4));
  await using server = await servePage(folder);
  const input = await (await fetch(`${server.url}/metrics`)).text();
  const { stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
    input,
    encoding: 'utf8',
  });
  expect(`${stdout}${stderr}`.trim().split('\n')).toEqual(foreign);
});

needs(prometheus).it('the alert rules are right, and fire for what they are for', () => {
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
  const names = new Set(asked.match(/\boomwatcher_\w+/g));
  expect(names.size).toBeGreaterThan(5);
  for (const name of names) expect(described).toContain(`\`${name}\``);
});

function expressions(): string[] {
  const { panels } = JSON.parse(readFileSync(dashboard, 'utf8')) as {
    panels: { targets?: { expr: string }[] }[];
  };
  return panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
}

/** Where it says that it listens. Its log is read on: a program that nobody reads is ended by its next line. */
function listening(stderr: NodeJS.ReadableStream): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let text = '';
  stderr.on('data', (chunk) => {
    text += chunk;
    const address = /Listening on.*address=(127\.0\.0\.1:\d+)/.exec(text)?.[1];
    if (address !== undefined) resolve(`http://${address}`);
  });
  stderr.once('end', () => reject(new Error(`Prometheus ended:\n${text}`)));
  return promise;
}
