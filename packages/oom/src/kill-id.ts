import type { Kill } from './kill.js';

/** `<boot id or name of the capture>:<number of the record>`: unique for ever where the name is that of one log. */
export function killId(logName: string, number: bigint | number | string): string {
  return `${logName}:${number}`;
}

/** The name in ids of the `part`th log in one capture, from 1 on: another boot, another machine. */
export function captureName(name: string, part: number): string {
  return part === 1 ? name : `${name}-${part}`;
}

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
