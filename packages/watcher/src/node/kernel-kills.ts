import { readFileSync } from 'node:fs';

/**
 * Kills that the kernel has counted since boot, on the whole node. undefined: it does not count them (before 4.13).
 *
 * @param path another place than /proc/vmstat, for tests
 */
export function readKernelKills(path = '/proc/vmstat'): number | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
  const match = /^oom_kill (\d+)$/m.exec(text);
  return match === null ? undefined : Number(match[1]);
}
