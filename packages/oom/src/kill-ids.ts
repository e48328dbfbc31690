import type { Kill } from './kill.js';

/**
 * Every id that the kill may be known by: its own, its line's, its process's. Which of the last two is its own depends on
 * what was read first, and that may be another the next time.
 */
export function idsOf({ id, bootId, seq, victim }: Kill): string[] {
  const ids = [id];
  if (bootId === undefined) return ids;
  if (seq !== undefined) ids.push(`${bootId}:${seq}`);
  if (victim?.startTicks !== undefined) ids.push(`${bootId}:p${victim.pid}-${victim.startTicks}`);
  return [...new Set(ids)];
}
