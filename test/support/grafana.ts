import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.ts';

interface Target {
  expr: string;
  format?: string;
}

interface Dashboard {
  panels: { title: string; type: string; targets?: Target[] }[];
  annotations: { list: { expr: string }[] };
  templating: { list: { name: string; definition?: string }[] };
}

export const dashboard = JSON.parse(
  readFileSync(join(root, 'deploy/grafana/oomwatcher.json'), 'utf8'),
) as Dashboard;

/** What the dashboard asks for; of a variable the query inside `label_values`. */
export function expressions(): string[] {
  const { panels, annotations, templating } = dashboard;
  return [
    ...panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
    ...annotations.list.map(({ expr }) => expr),
    ...templating.list.flatMap(({ definition }) =>
      definition === undefined ? [] : [/^label_values\((.*), \w+\)$/.exec(definition)?.[1] ?? ''],
    ),
  ];
}

/** The first query of a panel. */
export function expressionOf(title: string): string {
  return expressionsOf(title)[0] as string;
}

/** All queries of a panel. */
export function expressionsOf(title: string): string[] {
  const { targets = [] } = dashboard.panels.find((panel) => panel.title === title) ?? {};
  if (targets.length === 0) throw new Error(`the dashboard has no panel ${title}`);
  return targets.map(({ expr }) => expr);
}

/** As Grafana asks with every variable at "All". */
export function interpolated(expression: string, seconds: { range: number; interval: number }) {
  return expression
    .replaceAll('$__rate_interval', '5m')
    .replaceAll('$__range_s', String(seconds.range))
    .replaceAll('$__range', `${seconds.range}s`)
    .replaceAll('$__interval_ms', String(seconds.interval * 1000))
    .replaceAll('$__interval', `${seconds.interval}s`)
    .replace(/\$(node|namespace|workload)\b/g, '.*');
}
