import { loadAddon } from './addon.js';
import type { MemoryRecorder, RecorderOptions } from './addon-types.js';
import { KmsgError } from './errors.js';

/**
 * Records the memory of cgroups, see MemoryRecorder of the addon.
 *
 * @throws KmsgError with code `ERR_NO_ADDON` when the addon does not load.
 * @throws Error with `code`, `errno`, `syscall`, `path` when the hierarchy cannot be read.
 */
export function openMemoryRecorder(options: RecorderOptions): MemoryRecorder {
  const { addon, reason, cause } = loadAddon();
  if (addon === undefined) {
    throw new KmsgError(
      `the minutes before a kill are not recorded, ${reason}`,
      { code: 'ERR_NO_ADDON', remedy: 'build or install it' },
      { cause },
    );
  }
  return new addon.MemoryRecorder(options);
}
