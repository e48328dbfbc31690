import { type Database, findShown } from '@oomwatcher/journal';
import { atMostEvery } from './at-most-every.js';

/** More of a day are not counted. */
const maxKills = 1000;

/** Kills since midnight, local time, by cgroup: each is one of its own cgroup and of all above it. The newest 1,000 count. */
export function killsToday(db: Database): ReadonlyMap<string, number> {
  const sinceMs = new Date().setHours(0, 0, 0, 0);
  const counts = new Map<string, number>();
  for (const { cgroup } of findShown(db, { sinceMs, limit: maxKills })) {
    for (let path = cgroup ?? ''; path !== ''; path = path.slice(0, path.lastIndexOf('/'))) {
      counts.set(path, (counts.get(path) ?? 0) + 1);
    }
  }
  return counts;
}

/** Counted again at most every 5 s: who follows the cgroups asks each second. */
export function countedToday<T>(count: () => T): () => T {
  return atMostEvery(5000, count);
}
