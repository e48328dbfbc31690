import { readFileSync } from 'node:fs';
import { requireLinux } from './errors.js';

/**
 * The id of this boot, new at every boot: sequence numbers of the log begin again at 0 then.
 *
 * @throws KmsgError where there is no Linux; Error with `code`, `errno`, `syscall`, `path` when the file cannot be read.
 */
export function readBootId(path = '/proc/sys/kernel/random/boot_id'): string {
  requireLinux();
  return readFileSync(path, 'latin1').trim();
}
