import type { Kill, OomLine } from '@oomwatcher/oom';
import { describe, expect, it } from 'vitest';
import { readCapture } from './support/capture.ts';
import { Random } from './support/mutation.ts';
import { amended, run, runCaptured } from './support/run.ts';

const kernelLines = (name: string) => readCapture(name).filter(({ priority = 0 }) => priority < 8);

/** Both logs, each in its own order, in runs of some lines that the seed chooses. */
function interleaved(logs: readonly (readonly OomLine[])[], seed: number): OomLine[] {
  const random = new Random(seed);
  const rest = logs.map((lines) => [...lines]);
  const mixed: OomLine[] = [];
  while (rest.some(({ length }) => length > 0)) {
    mixed.push(...random.one(rest).splice(0, 1 + random.below(20)));
  }
  return mixed.map((line, at) => ({ ...line, seq: BigInt(at), timestampUs: 100e6 + at * 10 }));
}

/** What a kill must not have of another's. */
const claims = ({ cgroup, memory, trigger, tasks, pod, container }: Kill) => ({
  limit: cgroup?.limit,
  victim: cgroup?.victim,
  memory,
  trigger,
  tasks,
  pod,
  container,
});

// There was no oom_lock before 4.2 (and no group), and a tool may put any lines beside each other.
describe.each([
  ['4.19.108', 'd-podlimit', 2],
  ['5.10.0-32', 'c-group', 6],
  ['6.1.0-56', 'c-group', 6],
])('two containers of one %s', (kernel, other, deaths) => {
  const logs = [kernelLines(`${kernel}--a-single`), kernelLines(`${kernel}--${other}`)];
  const right = new Map(
    logs.flatMap((lines) => runCaptured(lines).kills).map((kill) => [kill.victim?.pid, kill]),
  );

  it.each([
    ['as a whole', (lines: OomLine[]) => runCaptured(lines).kills],
    ['as it is written', (lines: OomLine[]) => amended(run(lines).events)],
  ])('are told apart in 100 mixtures of their reports, read %s', (_, read) => {
    expect(right.size).toBe(deaths);
    for (let seed = 1; seed <= 100; seed++) {
      const kills = read(interleaved(logs, seed));
      expect(new Set(kills.map(({ victim }) => victim?.pid)).size, `seed ${seed}`).toBe(deaths);
      expect(kills, `seed ${seed}`).toHaveLength(deaths);
      for (const kill of kills) {
        const own = claims(right.get(kill.victim?.pid) as Kill);
        for (const [name, claim] of Object.entries(claims(kill))) {
          if (claim === undefined) continue;
          expect(claim, `seed ${seed}, ${name}`).toEqual(own[name as keyof typeof own]);
        }
      }
    }
  });
});
