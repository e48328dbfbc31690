import type { Metric } from '../../src/sinks/metrics/exposition.js';

/** docs/metrics.md: every series that the registry has, as it describes itself. */
export function metricsPage(own: readonly Metric[], compatible: readonly Metric[]): string {
  const names = new Set(own.map(({ name }) => name));
  const more = compatible.filter(({ name }) => !names.has(name));
  return `# Metrics

\`/metrics\` of the agent, at 127.0.0.1:8420 or where \`--listen\` says. Generated from the registry; a test compares them.
Values that are not known are absent. Alert rules are in deploy/prometheus, a Grafana dashboard in deploy/grafana.

${table(own)}

Counters of kills are kept in the journal: they go on after a restart of the agent and after the container is gone. When
series are folded into \`other\`, that series rises without a kill: leave it out of \`increase()\`, as the alert rules do.

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
