import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { display, hexToLatin1, splitCapture } from './support/capture.ts';
import { run } from './support/run.ts';

/** Captures of the kernel matrix (5.10 to 7.3, cgroup v2), each with what wait(2) said. */
const folder = new URL('./fixtures/matrix/', import.meta.url);

interface Death {
  pid: number;
  commHex: string;
  cgroup: string;
  limitCgroup?: string;
}

const names = readdirSync(folder)
  .filter((file) => file.endsWith('.kmsg'))
  .map((file) => file.replace('.kmsg', ''));

function read(name: string) {
  const { deaths, kernelCount } = JSON.parse(
    readFileSync(new URL(`${name}.truth.json`, folder), 'utf8'),
  ) as { deaths: Death[]; kernelCount: number };
  const lines = splitCapture(readFileSync(new URL(`${name}.kmsg`, folder), 'latin1'));
  return { deaths, kernelCount, ...run(lines) };
}

it('the captures are here', () => {
  expect(names.length).toBeGreaterThanOrEqual(28);
});

describe('newer kernels do not speak a language that is not understood', () => {
  it.each(names)('%s', (name) => {
    const { deaths, kernelCount, kills, machine } = read(name);
    const truth = new Map(deaths.map((death) => [death.pid, death]));
    expect(kills.map(({ victim }) => victim?.pid).toSorted()).toEqual([...truth.keys()].toSorted());
    expect(kills.length + machine.stats.repeats).toBe(kernelCount);
    for (const { victim, cgroup, group, complete } of kills) {
      const death = truth.get(victim?.pid as number) as Death;
      expect(victim?.name).toBe(display(hexToLatin1(death.commHex)));
      if (cgroup?.victim !== undefined) expect(cgroup.victim).toBe(display(death.cgroup));
      if (cgroup?.limit !== undefined && death.limitCgroup !== undefined) {
        expect(cgroup.limit).toBe(display(death.limitCgroup));
      }
      if (complete && group === undefined) expect(cgroup?.victim).toBeDefined();
    }
  });
});

it.each(names.filter((name) => name.endsWith('--group')))(
  '%s: every member of a group is one incident',
  (name) => {
    const { deaths, kills } = read(name);
    expect(new Set(kills.map(({ group }) => group?.id)).size).toBe(1);
    for (const { group } of kills) {
      expect(group).toMatchObject({ size: deaths.length, cgroup: deaths[0]?.cgroup });
    }
  },
);

it.each(names.filter((name) => name.endsWith('--cgroups')))(
  '%s: a path that the kernel cut is not taken for a cgroup',
  (name) => {
    const { deaths, kills } = read(name);
    const longest = deaths.find(({ cgroup }) => cgroup.length > 1024) as Death;
    const kill = kills.find(({ victim }) => victim?.pid === longest.pid);
    expect(kill?.cgroup).toBeUndefined();
    expect(kill?.complete).toBe(false);
    expect(kill?.constraint).toBe('memcg');
  },
);
