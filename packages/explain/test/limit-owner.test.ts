import type { Scope } from '@oomwatcher/oom';
import { expect, test } from 'vitest';
import { bareKill, plain } from '../../oom/test/support/kills.js';
import { advice } from '../src/advice.js';
import { killLine } from '../src/kill-line.js';
import { limitOwner } from '../src/limit-owner.js';

const scopes: Scope[] = [
  'container',
  'pod',
  'qos',
  'kubepods',
  'service',
  'slice',
  'cgroup',
  'node',
];

test('no two scopes are reported in the same words', () => {
  const words = scopes.map((scope) => limitOwner({ ...bareKill, scope }));
  expect(new Set(words).size).toBe(scopes.length);
});

test('a cpuset or memory policy that ran dry is not reported as a node without memory', () => {
  for (const [constraint, words] of [
    ['cpuset', 'cpuset'],
    ['memory_policy', 'memory policy'],
  ] as const) {
    const owner = limitOwner({ ...bareKill, scope: 'node', constraint });
    expect(owner).toContain(words);
    expect(owner).not.toBe(limitOwner({ ...bareKill, scope: 'node' }));
  }
});

test('a limit whose owner the log withheld is not given to anybody', () => {
  expect(limitOwner({ ...bareKill, constraint: 'memcg' })).toBe(
    'a memory limit; whose, the log does not say',
  );
  expect(limitOwner(bareKill)).toBe('the log does not say');
  expect(limitOwner({ ...bareKill, constraint: 'none' })).toBe('the log does not say');
});

test('a kill that was asked for is not said to be for want of memory', () => {
  const kill = { ...bareKill, scope: 'node' as const, trigger: { manual: true } };
  const words = [limitOwner(kill), killLine(kill, plain), ...advice(kill)].join(' ');
  expect(words).toContain('asked for');
  expect(words).not.toMatch(/no memory left/);
});
