import { type Database, findShown } from '@oomwatcher/journal';

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
