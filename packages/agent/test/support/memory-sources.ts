import type { MemoryRunUp } from '@oomwatcher/oom';
import type { AgentState } from '../../src/runtime/agent-state.js';

/** A cgroup that grows by so much a second up to now, from `fromKiB`; a sample each 10 s of the last `seconds`. */
export function growing(
  path: string,
  {
    fromKiB,
    kibPerS,
    limitKiB,
    seconds = 200,
  }: Record<'fromKiB' | 'kibPerS' | 'limitKiB', number> & { seconds?: number },
): MemoryRunUp {
  const samples = Array.from({ length: seconds / 10 + 1 }, (_, i) => ({
    monotonicUs: 1e9 + i * 10e6,
    usageKiB: fromKiB + i * 10 * kibPerS,
    limitKiB,
    fileKiB: 0,
    shmemKiB: 0,
  }));
  return { path, sinceMonotonicUs: 0, samples };
}

/** A recorder that has these, as an agent's state has it; `asked` is what it was asked for. */
export function recorderOf(runs: readonly MemoryRunUp[]) {
  const asked: [share: number, max: number][] = [];
  const recorder = {
    closeToLimit(share: number, max: number) {
      asked.push([share, max]);
      const isClose = ({ samples }: MemoryRunUp) => {
        const { usageKiB = 0, limitKiB = 1 } = samples.at(-1) ?? {};
        return usageKiB / limitKiB >= share;
      };
      return runs.filter(isClose).slice(0, max);
    },
    stats: () => undefined,
  };
  const runUps = () =>
    ({ live: true, reason: 'samples 2 cgroups', recorder }) as unknown as ReturnType<
      AgentState['runUps']
    >;
  return { asked, runUps };
}
