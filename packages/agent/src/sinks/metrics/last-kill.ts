import { residentKiB } from '@oomwatcher/explain';
import { type Kill, timeMsOf } from '@oomwatcher/oom';

/** The newest kill of a series by the kernel's time; the sizes are of the newest one that the kernel told them of. */
export interface LastKill {
  timeMs: number;
  usageKiB?: number;
  limitKiB?: number;
  residentKiB?: number;
}

export function lastKillOf(kill: Kill, recordedMs: number): LastKill {
  const { usageKiB, limitKiB } = kill.memory ?? {};
  const resident = residentKiB(kill.victim);
  return {
    timeMs: timeMsOf(kill, recordedMs),
    ...(usageKiB !== undefined && { usageKiB }),
    ...(usageKiB !== undefined && limitKiB !== undefined && { limitKiB }),
    ...(resident !== undefined && { residentKiB: resident }),
  };
}

export function newerOf(a: LastKill | undefined, b: LastKill): LastKill {
  if (a === undefined) return b;
  const [older, newer] = a.timeMs <= b.timeMs ? [a, b] : [b, a];
  // A limit belongs to its usage: without one the older limit would be beside the newer usage.
  const limit = newer.usageKiB === undefined ? older.limitKiB : newer.limitKiB;
  const { limitKiB: _, ...joined } = { ...older, ...newer };
  return { ...joined, ...(limit !== undefined && { limitKiB: limit }) };
}
