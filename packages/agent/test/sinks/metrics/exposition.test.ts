import { expect, test } from 'vitest';
import { exposition } from '../../../src/sinks/metrics/exposition.js';

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
