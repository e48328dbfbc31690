import type { Kill, Scope } from '@oomwatcher/oom';
import { expect, test } from 'vitest';
import { bareKill, wholeKill } from '../../oom/test/support/kills.js';
import { advice, whatToChange } from '../src/advice.js';

const scopes: Record<Scope, RegExp> = {
  container: /^Raise the container's memory limit \(512\.0 MiB at the time\)/,
  pod: /pod's limit \(512\.0 MiB at the time\)/,
  qos: /^All pods of this class .* \(512\.0 MiB at the time\)/,
  kubepods: /^All pods together .* \(512\.0 MiB at the time\)/,
  service: /^Raise MemoryMax= .* \(512\.0 MiB at the time\)/,
  slice: /slice .* \(512\.0 MiB at the time\)/,
  cgroup: /^Raise the cgroup's limit \(512\.0 MiB at the time\)/,
  node: /^The kernel chose by size and oom_score_adj/,
};

const { victim, ...survived } = wholeKill;
const known: Kill = { ...survived, victim: { pid: 4242, name: 'nginx' } };

test.each(Object.entries(scopes))(
  'a limit of scope %s has a next step of its own',
  (scope, words) => {
    const lines = advice({ ...known, scope: scope as Scope });
    expect(lines[0]).toMatch(words);
    const isRaised = ['container', 'service', 'cgroup'].includes(scope);
    expect(lines.slice(1)).toEqual(
      isRaised ? [expect.stringContaining('256.0 MiB were in use, and nobody knows')] : [],
    );
  },
);

test.each(Object.keys(scopes))('a limit of scope %s that is not known is not made up', (scope) => {
  const text = advice({ ...bareKill, scope: scope as Scope }).join('\n');
  expect(text).not.toMatch(/at the time|undefined|NaN/);
});

test('a kill that somebody asked for is not blamed on a limit', () => {
  expect(advice({ ...wholeKill, trigger: { manual: true } })).toEqual([
    'Nothing ran out: the kill was asked for.',
  ]);
});

test('the biggest process is named where it is not the one that was killed', () => {
  expect(advice({ ...known, scope: 'container' })[0]).toContain('the biggest process (4300)');
  const tasks = known.tasks?.slice(1) ?? [];
  expect(advice({ ...known, scope: 'container', tasks })[0]).toMatch(/what made it grow\.$/);
});

test('how much to raise a limit follows from the pace before the kill, where that is of the limit’s own cgroup', () => {
  const samples = Array.from({ length: 41 }, (_, i) => ({
    monotonicUs: 1e9 + i * 2e6,
    usageKiB: (16 + i * 6) * 1024,
    limitKiB: 256 * 1024,
  }));
  const run = { path: '/a', sinceMonotonicUs: 1, samples };
  const kill = (limit: string): Kill => ({
    ...bareKill,
    scope: 'container',
    cgroup: { victim: '/a', limit },
    memory: { usageKiB: 256 * 1024, limitKiB: 256 * 1024 },
    runUp: { cgroup: run },
  });
  expect(advice(kill('/a'))[1]).toBe(
    'The kill does not show how much is enough: at the pace before it (3.0 MiB/s for 80 s) each further 180.0 MiB last a minute.',
  );
  expect(advice(kill('/'))[1]).toContain('nobody knows how much more');
  expect(advice({ ...kill('/a'), memory: {}, runUp: {} }).join()).not.toContain('how much');
});

test('what to change first is of the victim’s own: never another pod, nor a reason', () => {
  const spec = { kind: 'container' as const, containers: 1 };
  const web = { uid: 'u', qos: 'burstable' as const, name: 'web', usageKiB: 9, fileKiB: 0 };
  const node: Kill = {
    ...bareKill,
    scope: 'node',
    constraint: 'none',
    otherPods: { afterMs: 1, count: 1, biggest: [web] },
  };
  const pod = { uid: 'v', container: 'app', spec };
  expect(whatToChange({ ...node, pod })).toMatch(/^Give container app a memory limit/);
  expect(whatToChange(node)).toMatch(/^The kernel chose by size/);
  expect(whatToChange(bareKill)).toBeUndefined();
  expect(whatToChange({ ...wholeKill, trigger: { manual: true } })).toBeUndefined();
});

const { group: _, ...alone } = known;

test('only a process that is known not to be the main one is reported as invisible to Kubernetes', () => {
  const invisible = (mainProcess: boolean | undefined) =>
    advice({
      ...alone,
      victim: { pid: 1, name: 'x', ...(mainProcess !== undefined && { mainProcess }) },
    }).some((line) => line.includes('OOMKilled'));
  expect(invisible(false)).toBe(true);
  expect(invisible(true)).toBe(false);
  expect(invisible(undefined)).toBe(false);
});

test.each([
  ['withheld', /^The kernel withheld the report: it prints ten reports in 5 s/],
  ['lost', /lines of the log were lost\.$/],
  ['cut', /whatever saved it left lines out\.$/],
  ['kill-line', /^The log has no kill line/],
] as const)('a report that is not whole for the reason "%s" says that one', (missing, words) => {
  expect(advice({ ...known, complete: false, missing }).at(-1)).toMatch(words);
});

test('no reason is made up for what is missing', () => {
  const { missing: _, ...unknown } = known;
  expect(advice({ ...unknown, complete: false }).at(-1)).toBe(
    'Part of the report is missing from the log.',
  );
  expect(advice(bareKill).at(-1)).toMatch(/^The log has no report of this kill: .*, or /);
  expect(advice(known).join()).not.toMatch(/missing|withheld/);
});

test('a limit that was lowered below what was in use is not blamed on growth', () => {
  const memory = { usageKiB: 41_370, limitKiB: 20_480 };
  for (const scope of ['container', 'pod', 'service'] as const) {
    expect(advice({ ...known, scope, memory })).toEqual([
      'The limit was lowered to 20.0 MiB while 40.4 MiB were in use: raise it again, or free memory before it is lowered.',
    ]);
  }
  const charged = { usageKiB: 20_500, limitKiB: 20_480 };
  expect(advice({ ...known, scope: 'container', memory: charged })[0]).toMatch(/^Raise/);
});

test('of a node without memory it says why it was this process, only where that is known', () => {
  const node: Kill = { ...bareKill, scope: 'node', constraint: 'none', complete: true };
  const spec = { kind: 'container', containers: 1 } as const;
  const pod = { uid: 'u', namespace: 'shop', name: 'web', container: 'app', spec };
  const likely = advice({ ...node, victim: { pid: 7, name: 'x', oomScoreAdj: 984 } });
  expect(likely[1]).toMatch(/^Its oom_score_adj of 984 adds 98 % of the node's memory/);
  expect(advice({ ...node, pod })[1]).toMatch(/^Give container app a memory limit/);
  expect(advice({ ...node, pod: { ...pod, spec: { ...spec, limitKiB: 9 } } })).toHaveLength(1);
  for (const oomScoreAdj of [0, -900]) {
    expect(advice({ ...node, victim: { pid: 7, name: 'x', oomScoreAdj } })).toHaveLength(1);
  }
  const ofCpuset: Kill = { ...node, constraint: 'cpuset' };
  expect(advice({ ...ofCpuset, victim: { pid: 7, name: 'x', oomScoreAdj: 9 } })).toHaveLength(1);
});

test('the biggest process of a node without memory is not talked away', () => {
  const spec = { kind: 'container', containers: 1 } as const;
  const pod = { uid: 'u', namespace: 'shop', name: 'web', container: 'app', spec };
  const victim = { pid: 7, name: 'x', anonRssKiB: 104_857, oomScoreAdj: 984 };
  const task = { pid: 7, name: 'x', uid: 0, swapKiB: 0, rssKiB: 104_857, oomScoreAdj: 984 };
  const node: Kill = { ...bareKill, scope: 'node', constraint: 'none', complete: true };
  const told = advice({ ...node, pod, victim, tasks: [task] });
  expect(told).toEqual([
    'The victim was the biggest process (102.4 MiB): find what made it grow, or what else should have a limit.',
    expect.stringMatching(/^Give container app a memory limit/),
    expect.stringMatching(/^The process held 102\.4 MiB/),
  ]);
});
