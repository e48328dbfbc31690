import { readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Damaged databases are kept for whoever wants to know, but must not fill the disk one by one. */
const maxMovedAside = 3;

/** What SQLite has beside a database. */
const besides = ['-wal', '-shm'];

/** The log of a file that is not there any more would be taken for that of its successor, and written into it. */
export function removeLog(path: string): void {
  for (const suffix of besides) rmSync(`${path}${suffix}`, { force: true });
}

export function logOf(path: string): string {
  return `${path}-wal`;
}

/** Whether anything is in its write-ahead log. */
export function hasLog(path: string): boolean {
  return (statSync(logOf(path), { throwIfNoEntry: false })?.size ?? 0) > 0;
}

/** Puts a damaged database out of the way, with its log, and returns its new name. @throws a system error */
export function moveAside(path: string, now = new Date()): string {
  const folder = dirname(path);
  const prefix = `${basename(path)}.corrupt-`;
  const earlier = readdirSync(folder)
    .filter((name) => name.startsWith(prefix) && !/-(wal|shm)$/.test(name))
    .sort();
  for (const name of earlier.slice(0, -(maxMovedAside - 1))) {
    for (const suffix of ['', ...besides])
      rmSync(join(folder, `${name}${suffix}`), { force: true });
  }
  const target = join(folder, `${prefix}${now.toISOString().replaceAll(':', '-')}`);
  renameSync(path, target);
  // A log without its database would be taken for the new one's.
  if (hasLog(path)) renameSync(logOf(path), logOf(target));
  removeLog(path);
  return target;
}
