import { expect, test } from 'vitest';
import { acceptedFormat } from '../../../src/sinks/metrics/accepted-format.js';
import {
  exposition,
  type Metric,
  openMetrics,
  prometheusText,
} from '../../../src/sinks/metrics/exposition.js';

test('no value and no help ends its line or its quotes, whatever is in it', () => {
  const text = exposition([
    {
      name: 'kills',
      help: 'a\nb \\',
      type: 'counter',
      labelNames: ['pod', 'name'],
      samples: () => [{ labels: ['x"} 1\ny', 'a\\'], value: 2 }],
    },
  ]);
  expect(text).toBe(
    '# HELP kills a\\nb \\\\\n# TYPE kills counter\nkills{pod="x\\"} 1\\ny",name="a\\\\"} 2\n',
  );
});

test('a name without a value is described and has no series; numbers are those of Prometheus', () => {
  const gauge = (...values: number[]) =>
    exposition([
      { name: 'g', help: 'h', type: 'gauge', samples: () => values.map((value) => ({ value })) },
    ]);
  expect(gauge()).toBe('# HELP g h\n# TYPE g gauge\n');
  expect(gauge(Infinity, -Infinity, 0.5, 1e21).split('\n').slice(2, -1)).toEqual([
    'g +Inf',
    'g -Inf',
    'g 0.5',
    'g 1e+21',
  ]);
});

const bornAt60: Metric = {
  name: 'kills_total',
  help: 'a "b"',
  type: 'counter',
  labelNames: ['pod'],
  samples: () => [
    { labels: ['a'], value: 60, createdS: 1_700_000_000.5 },
    { labels: ['b'], value: 1 },
  ],
};

test('when a counter began is a gauge of its own in the text format', () => {
  expect(exposition([bornAt60])).toBe(
    `# HELP kills_total a "b"
# TYPE kills_total counter
kills_total{pod="a"} 60
kills_total{pod="b"} 1
# HELP kills_created When kills_total began at 0.
# TYPE kills_created gauge
kills_created{pod="a"} 1700000000.5
`,
  );
});

test('OpenMetrics: the family without _total, _created beside its sample, quotes of a help escaped, an end', () => {
  const npd: Metric = {
    name: 'problem',
    help: 'h',
    type: 'counter',
    samples: () => [{ value: 2 }],
  };
  expect(exposition([bornAt60, npd], openMetrics)).toBe(
    `# HELP kills a \\"b\\"
# TYPE kills counter
kills_total{pod="a"} 60
kills_created{pod="a"} 1700000000.5
kills_total{pod="b"} 1
# HELP problem h
# TYPE problem unknown
problem 2
# EOF
`,
  );
});

test.each([
  // Prometheus 2.42, 3.5, one that is told to ask for text, curl, a browser.
  [
    'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
    openMetrics,
  ],
  [
    'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1',
    openMetrics,
  ],
  [
    'text/plain;version=0.0.4;q=0.6,application/openmetrics-text;version=1.0.0;q=0.3',
    prometheusText,
  ],
  ['application/openmetrics-text;version=0.0.1', prometheusText],
  ['application/openmetrics-text;version=1.0.0;q=0', prometheusText],
  ['application/openmetrics-text; version="1.0.0" ; q=x', prometheusText],
  ['*/*', prometheusText],
  ['text/html,application/xhtml+xml,*/*;q=0.8', prometheusText],
  [undefined, prometheusText],
])('who accepts %s gets what it asks for', (accept, format) => {
  expect(acceptedFormat(accept).contentType).toBe(format.contentType);
});
