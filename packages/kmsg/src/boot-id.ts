import { readFileSync } from 'node:fs';

/**
 * The id of this boot, new at every boot: sequence numbers of the log begin again at 0 then.
 *
 * @throws Error with `code`, `errno`, `syscall`, `path` when the file cannot be read.
 */
export function readBootId(path = '/proc/sys/kernel/random/boot_id'): string {
  return readFileSync(path, 'latin1').trim();
}
