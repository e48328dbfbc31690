import {
  type SampleName,
  sampleCapture,
  sampleKill,
  sampleKills,
  sampleNames,
} from '@oomwatcher/oom/testing';
import { describe, expect, it } from 'vitest';
import { splitCapture } from './support/capture.ts';
import { runCaptured } from './support/run.ts';

describe.each(sampleNames)('the sample %s', (name) => {
  it('is what the parser says of its capture', () => {
    const text = Buffer.from(sampleCapture(name)).toString('latin1');
    const lines = splitCapture(text);
    expect(lines.length).toBeGreaterThan(0);
    // A record of a real ring is followed by the next one, but for the sample of a loss.
    const gaps = lines.filter((line, at) => at > 0 && line.seq !== lines[at - 1]!.seq + 1n);
    expect(gaps).toHaveLength(name === 'lost' ? 1 : 0);
    expect(sampleKills(name)).toEqual(runCaptured(lines).kills);
    expect(sampleKills(name)).toContainEqual(sampleKill(name));
  });

  it('is new at each call: one test cannot change the kill of another', () => {
    const kill = sampleKill(name);
    kill.victim = { pid: 0, name: 'changed' };
    kill.tasks?.splice(0);
    sampleCapture(name).fill(0);
    expect(sampleKill(name).victim?.name).not.toBe('changed');
    expect(sampleKill(name).tasks?.length).not.toBe(0);
    expect(sampleCapture(name)[0]).toBeGreaterThan(0);
  });

  it('is JSON, and has an id and a time of the boot that was asked for', () => {
    const bootId = 'b52b9fc4-6b9e-4ad9-9a6c-0d9f1f0e8a57';
    const kill = sampleKill(name, { bootId, bootedAt: new Date('2026-11-28T09:00:00Z') });
    expect(JSON.parse(JSON.stringify(kill))).toEqual(kill);
    expect(kill).toMatchObject({ bootId, id: `${bootId}:${kill.seq}` });
    const sinceBootUs = (Date.parse(kill.time as string) - Date.UTC(2026, 10, 28, 9)) * 1000;
    expect(Math.abs(sinceBootUs - (kill.monotonicUs as number))).toBeLessThan(1000);
    expect(sampleKill(name)).not.toHaveProperty('time');
  });
});

describe('the samples together', () => {
  const kills = sampleNames.map((name) => sampleKill(name));

  it('show every constraint and every reason for a part of a report that is missing', () => {
    expect(new Set(kills.map(({ constraint }) => constraint))).toEqual(
      new Set(['memcg', 'none', 'cpuset', 'memory_policy']),
    );
    expect(new Set(kills.map(({ missing }) => missing))).toEqual(
      new Set([undefined, 'withheld', 'lost', 'cut', 'kill-line']),
    );
  });

  it.each<[SampleName, object]>([
    ['container', { scope: 'container', complete: true, container: { runtime: 'containerd' } }],
    ['pod', { scope: 'pod' }],
    ['service', { scope: 'service' }],
    ['cgroup', { scope: 'cgroup', cgroup: { victim: '/a,oom_memcg=/b,task_memcg=/c' } }],
    ['node', { scope: 'node', constraint: 'none', trigger: { manual: false } }],
    ['manual', { trigger: { manual: true } }],
    ['group', { group: { size: 5 } }],
    ['hostile-name', { victim: { name: 'b\r\nKilled' } }],
    ['withheld', { complete: false, missing: 'withheld' }],
  ])('show by %s what its name says', (name, fields) => {
    expect(sampleKill(name)).toMatchObject(fields);
  });

  it('of a withheld report have no place, and of the ten before it all', () => {
    const places = sampleKills('withheld').map(({ cgroup }) => cgroup?.victim !== undefined);
    expect(places).toEqual([...Array(10).fill(true), false]);
  });
});

it.each(['contaner', 'toString', '__proto__'])(
  'the name %s is an error that says what there is',
  (name) => {
    for (const sample of [sampleKill, sampleKills, sampleCapture]) {
      expect(() => sample(name as SampleName)).toThrow(/there is no sample .*container, pod/);
    }
  },
);
