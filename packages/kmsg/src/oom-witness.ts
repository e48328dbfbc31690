import type { OomWitness, WitnessOptions } from '@oomwatcher/native';
import { type Addon, loadAddon } from './addon.js';
import { KmsgError } from './errors.js';

/**
 * The witness of OOM kills in the kernel, see OomWitness of the addon.
 *
 * @throws KmsgError with code `ERR_NO_ADDON` when the addon does not load.
 * @throws Error with `code`, and `errno` and `syscall` where the kernel refused it. Its message ends with what to do.
 */
export function openOomWitness(options: WitnessOptions, onWake: () => void): OomWitness {
  const witness = new (requireAddon().OomWitness)(options, onWake);
  // Whoever reads the log stays alive by that.
  witness.unref();
  return witness;
}

/**
 * Takes a witness out of the kernel that was pinned at `path`, if one is there.
 *
 * @throws as openOomWitness does; with code `ERR_PINS_IN_USE` when another agent reads it.
 */
export function removeOomWitness(path: string): void {
  requireAddon().OomWitness.remove(path);
}

function requireAddon(): Addon {
  const { addon, reason, cause } = loadAddon();
  if (addon === undefined) {
    throw new KmsgError(
      `there is no witness in the kernel, ${reason}`,
      { code: 'ERR_NO_ADDON', remedy: 'build or install it' },
      { cause },
    );
  }
  return addon;
}
