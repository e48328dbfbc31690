import type { Metric } from '../../src/sinks/metrics/exposition.js';

/** docs/metrics.md: every series that the registry has, as it describes itself. */
export function metricsPage(own: readonly Metric[], compatible: readonly Metric[]): string {
  const names = new Set(own.map(({ name }) => name));
  const more = compatible.filter(({ name }) => !names.has(name));
  return `# Metrics

\`/metrics\` of the agent, at 127.0.0.1:8420 or where \`--listen\` says. Generated from the registry; a test compares them.
Values that are not known are absent. Alert rules are in deploy/prometheus ([what to do about
them](runbooks.md)), a Grafana dashboard in deploy/grafana.

${table(own)}

Counters of kills are kept in the journal: they go on after a restart of the agent and after the container is gone. When
series are folded into \`other\`, that series rises without a kill: leave it out of \`increase()\`, as the alert rules do.

\`node\` is the node's name (\`--node-name\`, \`NODE_NAME\`, else the host name). Scrape with \`honor_labels: true\`, or Prometheus
puts the agent's own pod in the place of the kill's: [for a host](../deploy/prometheus/scrape.yaml),
[for a cluster](../deploy/prometheus/scrape-kubernetes.yaml).

## A series that is new

A series is born with its first kill, or with its 60th when that many fell between two scrapes. \`increase()\` and \`rate()\` are 0
for it, and estimate what lies between samples: of 60 kills in one second they may make 90. Three ways to see what happened:

- \`oomwatcher_last_oom_kill_timestamp_seconds\`: alert when it changed, as deploy/prometheus/rules.yaml does.
- \`oomwatcher_oom_kills_created\` and \`oomwatcher_node_oom_kills_created\`: when the counter was 0, the time of its first kill. A
  counter that began within the time range has risen by all of its value. The Grafana dashboard counts so, exactly.
- A scraper that asks for OpenMetrics gets that time as the counter's own. Prometheus from 3.0 on makes a 0 of it with
  \`--enable-feature=created-timestamp-zero-ingestion\`, and \`increase()\` is right.

## What to set a limit to

The kernel's own figures of the last kill, where a pod's status says only OOMKilled. By container, over a week:

\`\`\`promql
# What the container used when its own limit was hit: a lower bound of what it wanted.
max by (namespace, workload, container) (max_over_time(oomwatcher_last_oom_kill_usage_bytes{scope="container"}[7d]))

# The limit that was too low.
max by (namespace, workload, container) (max_over_time(oomwatcher_last_oom_kill_limit_bytes{scope="container"}[7d]))

# Containers whose biggest process alone filled more than nine tenths of the limit: more processes are not the reason.
max by (namespace, workload, container) (oomwatcher_last_oom_kill_resident_bytes{scope="container"})
  / max by (namespace, workload, container) (oomwatcher_last_oom_kill_limit_bytes{scope="container"}) > 0.9
\`\`\`

Tools that size containers by \`container_memory_working_set_bytes\` see samples, and the peak before a kill lies between two of
them. The greater of both is what the container needed at least:

\`\`\`promql
max by (namespace, pod, container) (max_over_time(container_memory_working_set_bytes{container!=""}[7d]))
  < on (namespace, pod, container)
max by (namespace, pod, container) (max_over_time(oomwatcher_last_oom_kill_usage_bytes{scope="container"}[7d]))
\`\`\`

lists the containers that such a tool sizes too low. A usage of a scope other than \`container\` is the pod's, the slice's or the
node's, and sizes no container.

## With \`--compat-metrics\`

${table(more)}
`;
}

function table(metrics: readonly Metric[]): string {
  const rows = metrics.map(
    ({ name, help, type, labelNames = [] }) =>
      `| \`${name}\` | ${type} | ${labelNames.map((label) => `\`${label}\``).join(' ')} | ${help} |`,
  );
  return ['| name | type | labels | what it says |', '|---|---|---|---|', ...rows].join('\n');
}
