import type { CgroupMemory, MemoryAnswer } from '@oomwatcher/dashboard';
import { memoryNow } from '@oomwatcher/explain';
import type { MemoryRunUp } from '@oomwatcher/oom';
import type { CgroupOwner } from './cgroup-owner.js';
import { cgroupPressure, nodePressure } from './memory-pressure.js';

/** What samples the cgroups. */
export interface MemorySource {
  /** Cgroups that use at least that share (0 to 1) of a limit of their own, fullest first, at most `max`. */
  closeToLimit(share: number, max: number): MemoryRunUp[];
}

/** A source, or one sentence on why there is none. */
export interface MemoryOpening {
  recorder?: MemorySource | undefined;
  reason: string;
}

/** Whose the fullest are is said, of so many: names are looked for in files. */
const maxNamed = 100;

/** How the fullest cgroups are now. @param killsToday undefined: nobody knows */
export function memoryAnswer(
  { recorder, reason }: MemoryOpening,
  { share, max }: { share: number; max: number },
  ownerOf: (path: string) => CgroupOwner,
  killsToday?: ReadonlyMap<string, number>,
): MemoryAnswer {
  const cgroups: CgroupMemory[] = [];
  for (const run of recorder?.closeToLimit(share, max) ?? []) {
    const now = memoryNow(run);
    if (now === undefined) continue;
    cgroups.push({
      ...now,
      ...(cgroups.length < maxNamed && { ...ownerOf(run.path), ...cgroupPressure(run.path) }),
      ...(killsToday !== undefined && { killsToday: killsToday.get(run.path) ?? 0 }),
    });
  }
  const live = recorder !== undefined;
  return { schema: 'oomwatcher.memory/v1', live, reason, ...nodePressure(), cgroups };
}
