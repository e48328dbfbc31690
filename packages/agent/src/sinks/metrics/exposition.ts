/** One name of what Prometheus scrapes, with all its series. */
export interface Metric {
  name: string;
  help: string;
  type: 'counter' | 'gauge';
  labelNames?: readonly string[];
  /** Asked for at each scrape. A series that is not there has no value: it is not 0. */
  samples(): Iterable<Sample>;
}

export interface Sample {
  /** In the order of the names. */
  labels?: readonly string[];
  value: number;
}

/** The text format of Prometheus (prometheus.io/docs/instrumenting/exposition_formats). */
export const contentType = 'text/plain; version=0.0.4; charset=utf-8';

export function exposition(metrics: readonly Metric[]): string {
  const lines: string[] = [];
  for (const { name, help, type, labelNames = [], samples } of metrics) {
    lines.push(`# HELP ${name} ${escaped(help)}`, `# TYPE ${name} ${type}`);
    for (const { labels = [], value } of samples()) {
      const pairs = labelNames.map(
        (label, at) => `${label}="${escaped(labels[at] ?? '').replaceAll('"', '\\"')}"`,
      );
      lines.push(`${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${numeral(value)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function numeral(value: number): string {
  return String(value).replace(/^(-?)Infinity$/, (_, sign: string) => `${sign || '+'}Inf`);
}
