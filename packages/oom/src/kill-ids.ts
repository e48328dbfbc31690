import type { Kill } from './kill.js';
import { killId } from './kill-id.js';

/**
 * Every id that the kill may be known by: its own, its line's, its process's. Which of the last two is its own depends on
 * what was read first, and that may be another the next time.
 */
export function idsOf({ id, bootId, seq, victim }: Kill): string[] {
  if (bootId === undefined || victim?.startTicks === undefined) return [id];
  const ids = [id, killId(bootId, `p${victim.pid}-${victim.startTicks}`)];
  if (seq !== undefined) ids.push(killId(bootId, seq));
  return [...new Set(ids)];
}
