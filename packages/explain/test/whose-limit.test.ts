import type { Kill, PodSpec, Scope } from '@oomwatcher/oom';
import { expect, test } from 'vitest';
import { bareKill } from '../../oom/test/support/kills.js';
import { advice } from '../src/advice.js';
import { limitOwner } from '../src/limit-owner.js';
import { whoseLimit } from '../src/whose-limit.js';

const mib = 1024;

interface Case {
  scope?: Scope;
  /** What the kernel said. */
  limitMiB?: number;
  container?: string;
  spec?: Partial<PodSpec>;
}

function kill({ scope, limitMiB, container = 'app', spec }: Case): Kill {
  const whole: PodSpec = {
    kind: 'container',
    containers: 1,
    podLimitFrom: 'containers',
    ...spec,
  };
  return {
    ...bareKill,
    ...(scope && { scope }),
    ...(limitMiB && { memory: { usageKiB: limitMiB * mib, limitKiB: limitMiB * mib } }),
    pod: { uid: 'u', namespace: 'shop', name: 'web', container, ...(spec && { spec: whole }) },
  };
}

const alone = { limitKiB: 32 * mib, podLimitKiB: 32 * mib };
const two = { containers: 2, limitKiB: 32 * mib, podLimitKiB: 96 * mib };

test.each<[string, Case, string]>([
  [
    'a pod with one container: the kernel names the pod, the user set the container’s',
    { scope: 'pod', limitMiB: 32, spec: alone },
    'container app reached its memory limit of 32 MiB',
  ],
  [
    'the same without a report',
    { scope: 'pod', spec: alone },
    "container app reached its memory limit of 32 MiB (by the pod's spec)",
  ],
  [
    'a container’s own cgroup',
    { scope: 'container', limitMiB: 32, spec: two },
    'container app reached its memory limit of 32 MiB',
  ],
  [
    'names without a spec',
    { scope: 'container', limitMiB: 32 },
    'container app reached its memory limit of 32 MiB',
  ],
  [
    'the sum of two',
    { scope: 'pod', limitMiB: 96, spec: two },
    "the pod's containers together reached the sum of their memory limits, 96 MiB; container app may use 32 MiB by the pod's spec",
  ],
  [
    'pod-level resources',
    { scope: 'pod', limitMiB: 64, spec: { ...two, podLimitKiB: 64 * mib, podLimitFrom: 'pod' } },
    "the pod reached its own memory limit of 64 MiB; container app may use 32 MiB by the pod's spec",
  ],
  [
    'pod-level resources of a single container without a limit',
    { scope: 'pod', limitMiB: 64, spec: { podLimitKiB: 64 * mib, podLimitFrom: 'pod' } },
    'the pod reached its own memory limit of 64 MiB; container app has no memory limit of its own',
  ],
  [
    'a container without a limit, on a node without memory',
    { scope: 'node', spec: { podLimitFrom: undefined as never } },
    'none: the node itself had no memory left; container app has no memory limit of its own',
  ],
  [
    'a container without a limit, under node allocatable',
    { scope: 'kubepods', limitMiB: 2048, spec: {} },
    'the limit of all pods together (node allocatable); container app has no memory limit of its own',
  ],
  [
    'a sidecar',
    {
      scope: 'pod',
      limitMiB: 96,
      container: 'proxy',
      spec: { ...two, kind: 'sidecar', limitKiB: 64 * mib },
    },
    "the pod's containers together reached the sum of their memory limits, 96 MiB; sidecar container proxy may use 64 MiB by the pod's spec",
  ],
  [
    'an init container, which needs more than the rest',
    {
      scope: 'container',
      limitMiB: 64,
      container: 'setup',
      spec: { kind: 'init', limitKiB: 64 * mib, podLimitKiB: 64 * mib },
    },
    'init container setup reached its memory limit of 64 MiB',
  ],
  [
    'an init container that the pod’s limit is made of: the sandbox’s few KiB are in that one too',
    {
      scope: 'pod',
      limitMiB: 64,
      container: 'setup',
      spec: { kind: 'init', limitKiB: 64 * mib, podLimitKiB: 64 * mib },
    },
    'init container setup reached its memory limit of 64 MiB',
  ],
  [
    'an init container beside a sidecar',
    {
      scope: 'pod',
      limitMiB: 96,
      container: 'setup',
      spec: { kind: 'init', limitKiB: 64 * mib, podLimitKiB: 96 * mib, containers: 2 },
    },
    "the pod's containers together reached the sum of their memory limits, 96 MiB; init container setup may use 64 MiB by the pod's spec",
  ],
  [
    'an ephemeral container, which uses up the limits of the others',
    {
      scope: 'pod',
      limitMiB: 32,
      container: 'debug',
      spec: { kind: 'ephemeral', containers: 2, podLimitKiB: 32 * mib },
    },
    "the pod's containers together reached the sum of their memory limits, 32 MiB; ephemeral container debug can have no memory limit of its own",
  ],
  [
    'a resize in place that is not in force yet',
    { scope: 'pod', limitMiB: 32, spec: { limitKiB: 64 * mib, podLimitKiB: 64 * mib } },
    "container app reached its memory limit of 32 MiB (the pod's spec says 64 MiB)",
  ],
  [
    'a limit that was taken away in place',
    { scope: 'pod', limitMiB: 32, spec: { containers: 2, podLimitFrom: undefined as never } },
    'the pod reached a memory limit of 32 MiB that its spec does not have now; container app has no memory limit of its own',
  ],
  [
    'a limit that somebody else gave to a pod without any',
    {
      scope: 'pod',
      limitMiB: 32,
      spec: { limitKiB: undefined, podLimitKiB: undefined, podLimitFrom: undefined } as never,
    },
    'the pod reached a memory limit of 32 MiB that its spec does not have now; container app has no memory limit of its own',
  ],
  [
    'a pod’s limit that its init container made',
    { scope: 'pod', limitMiB: 64, spec: { limitKiB: 32 * mib, podLimitKiB: 64 * mib } },
    "the pod reached the memory limit of 64 MiB that its containers' limits give it; container app may use 32 MiB by the pod's spec",
  ],
  [
    'no report: whose limit it was nobody knows, the container’s is told as the spec’s',
    { spec: two },
    "the log does not say; by the pod's spec container app has a memory limit of 32 MiB",
  ],
])('%s', (_, given, sentence) => {
  expect(whoseLimit(kill(given))).toBe(sentence);
});

test('without names and spec it is the kernel’s word, whatever the scope', () => {
  for (const scope of ['container', 'pod', 'qos', 'kubepods', 'node'] as const) {
    const bare: Kill = { ...bareKill, scope, pod: { uid: 'u', namespace: 'shop', name: 'web' } };
    expect(whoseLimit(bare)).toBe(limitOwner(bare));
  }
});

test('who has one container is not told to compare several', () => {
  const given = kill({ scope: 'pod', limitMiB: 32, spec: alone });
  expect(advice(given)[0]).toMatch(/^Raise the container's memory limit \(32\.0 MiB/);
  expect(advice(kill({ scope: 'pod', limitMiB: 96, spec: two }))[0]).toMatch(/^Compare/);
});
