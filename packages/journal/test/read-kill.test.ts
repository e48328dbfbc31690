import { type Kill, killSchema, type MemoryRunUp } from '@oomwatcher/oom';
import { expect, test } from 'vitest';
import { bareKill, wholeKill, withHostileTexts } from '../../oom/test/support/kills.js';
import { readKill, readReport } from '../src/read-kill.js';

const isKill = (value: unknown) => {
  try {
    readKill(JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
};

test('what is a kill is read as it was', () => {
  for (const kill of [bareKill, wholeKill, withHostileTexts(wholeKill)])
    expect(readKill(JSON.stringify(kill))).toEqual(JSON.parse(JSON.stringify(kill)));
});

/** The paths of all that a kill may hold, as the schema says. */
function pathsOf(schema: object, path: string[] = []): { path: string[]; required: boolean }[] {
  const {
    properties = {},
    required = [],
    items,
  } = schema as {
    properties?: Record<string, object>;
    required?: string[];
    items?: object;
  };
  const within = items === undefined ? [] : pathsOf(items, [...path, '0']);
  return Object.entries(properties)
    .flatMap(([name, of]) => [
      { path: [...path, name], required: required.includes(name) },
      ...pathsOf(of, [...path, name]),
    ])
    .concat(within);
}

function changed(kill: Kill, path: readonly string[], value: unknown): unknown {
  const copy = structuredClone(kill) as unknown as Record<string, unknown>;
  const holder = path.slice(0, -1).reduce((at, name) => at[name] as Record<string, unknown>, copy);
  const last = path.at(-1) as string;
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return copy;
}

const paths = pathsOf(killSchema);

/** A list or an object of parts that a kill may have is changed within one that has them. */
const fullKill: Kill = {
  ...wholeKill,
  container: { id: 'c', runtime: 'docker', compose: { project: 'shop', service: 'web' } },
  pod: { uid: 'u', ...wholeKill.pod, owner: { kind: 'Deployment', name: 'web' } },
  memoryStat: {},
  nodeMemory: { zones: [{ node: 0, zone: 'DMA', freeKiB: 1, minKiB: 2, managedKiB: 9 }] },
  otherPods: {
    afterMs: 3,
    count: 1,
    biggest: [{ uid: 'v', qos: 'burstable', name: 'cart', usageKiB: 9, fileKiB: 0, requestKiB: 4 }],
  },
  sharers: [{ pid: 4250, name: 'nginx' }],
  runUp: { cgroup: runUpOf('/a/b'), limitOwner: runUpOf('/a') },
};

function runUpOf(path: string): MemoryRunUp {
  const processes = [{ pid: 4250, startTicks: 9, comm: 'nginx', anonRssKiB: 3 }];
  return { path, sinceMonotonicUs: 1, samples: [{ monotonicUs: 2, usageKiB: 4, processes }] };
}

test('the schema has its fields', () => expect(paths.length).toBeGreaterThan(50));

test.each(paths)('no kill has something else as its $path', ({ path, required }) => {
  expect(isKill(fullKill)).toBe(true);
  for (const value of [null, [null], [{}]]) {
    expect(isKill(changed(fullKill, path, value)), JSON.stringify(value)).toBe(false);
  }
  expect(isKill(changed(fullKill, path, undefined))).toBe(!required);
});

test.each([
  ['null', 'null'],
  ['a text', '"x"'],
  ['a list', '[]'],
  ['half a kill', JSON.stringify(wholeKill).slice(0, -20)],
  ['a time that is none', JSON.stringify({ ...bareKill, time: '2026-13-41T99:00:00Z' })],
  ['another version', JSON.stringify({ ...bareKill, schema: 'oomwatcher.kill/v2' })],
])('%s is no kill', (_, json) => expect(() => readKill(json)).toThrow());

test.each(['{}', '{"lines":[1]}', '{"lines":["a"],"leftOut":3}', 'null'])(
  '%s is no report',
  (json) => expect(() => readReport(json)).toThrow(),
);
