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
  /** When a counter began at 0, seconds since the epoch. A series that is born at 60 has risen by 60 since then. */
  createdS?: number;
}

/** How the metrics are written. */
export interface Format {
  contentType: string;
  /** The name that HELP and TYPE of a metric tell. */
  familyOf(metric: Metric): string;
  typeOf(metric: Metric): string;
  escapedHelp(text: string): string;
  /** Whether the samples `_created` are of the counter itself; else they are a gauge behind it. */
  createdInside: boolean;
  end: string;
}

/** The text format of Prometheus (prometheus.io/docs/instrumenting/exposition_formats). */
export const prometheusText: Format = {
  contentType: 'text/plain; version=0.0.4; charset=utf-8',
  familyOf: ({ name }) => name,
  typeOf: ({ type }) => type,
  escapedHelp: escaped,
  createdInside: false,
  end: '',
};

/**
 * OpenMetrics 1.0.0 (github.com/prometheus/OpenMetrics, specification): a counter's samples end with `_total`, and its
 * family has the name without. A counter of another name is not one there.
 */
export const openMetrics: Format = {
  contentType: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  familyOf: ({ name, type }) => (type === 'counter' ? stemOf(name) : name),
  typeOf: ({ name, type }) => (type === 'counter' && stemOf(name) === name ? 'unknown' : type),
  escapedHelp: quoted,
  createdInside: true,
  end: '# EOF\n',
};

export function exposition(metrics: readonly Metric[], format = prometheusText): string {
  const lines: string[] = [];
  for (const metric of metrics) {
    const { name, help, labelNames = [], samples } = metric;
    const family = format.familyOf(metric);
    lines.push(...headOf(family, format.escapedHelp(help), format.typeOf(metric)));
    const created = `${stemOf(name)}_created`;
    const births: string[] = [];
    for (const { labels = [], value, createdS } of samples()) {
      const pairs = labelNames.map((label, at) => `${label}="${quoted(labels[at] ?? '')}"`);
      const set = pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
      lines.push(`${name}${set} ${numeral(value)}`);
      if (createdS === undefined) continue;
      (format.createdInside ? lines : births).push(`${created}${set} ${numeral(createdS)}`);
    }
    if (births.length === 0) continue;
    lines.push(...headOf(created, `When ${name} began at 0.`, 'gauge'), ...births);
  }
  return `${lines.join('\n')}\n${format.end}`;
}

function headOf(name: string, help: string, type: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

function stemOf(name: string): string {
  return name.replace(/_total$/, '');
}

function quoted(text: string): string {
  return escaped(text).replaceAll('"', '\\"');
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function numeral(value: number): string {
  return String(value).replace(/^(-?)Infinity$/, (_, sign: string) => `${sign || '+'}Inf`);
}
