import { type Addon, loadAddon } from './addon.js';
import type {
  LoadedWitness,
  OomWitness,
  WitnessDescriptor,
  WitnessOptions,
} from './addon-types.js';
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

/**
 * Loads the witness for another process, see OomWitness.load. What it gives is handed over by one of the two below.
 *
 * @throws as openOomWitness does.
 */
export function loadOomWitness(options: Omit<WitnessOptions, 'handed'>): LoadedWitness {
  return requireAddon().OomWitness.load(options);
}

/** Replaces this process by a command that has the descriptors. @throws as OomWitness.become does. */
export function becomeWithOomWitness(
  command: readonly string[],
  descriptors: readonly WitnessDescriptor[],
): never {
  return requireAddon().OomWitness.become(command, descriptors);
}

/**
 * Has systemd keep the descriptors for the service's other processes.
 *
 * @param socket what NOTIFY_SOCKET says
 * @throws as OomWitness.store does.
 */
export function storeOomWitness(socket: string, descriptors: readonly WitnessDescriptor[]): void {
  requireAddon().OomWitness.store(socket, descriptors);
}

/** Has systemd forget what was stored under these names. @throws as OomWitness.store does. */
export function forgetOomWitness(socket: string, names: readonly string[]): void {
  requireAddon().OomWitness.forget(socket, names);
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
