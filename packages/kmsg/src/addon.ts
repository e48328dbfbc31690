import { createRequire } from 'node:module';
import type * as native from '@oomwatcher/native';

export type Addon = typeof native;

/** The addon, or one sentence on why it is not there. */
export type AddonLoad =
  | { addon: Addon; reason?: undefined; cause?: undefined }
  | { addon?: undefined; reason: string; cause: unknown };

/**
 * Loads the native addon. The one place that does: a missing addon is ordinary, an addon that is there and does not
 * load (glibc, ABI) is a fault of the installation, and silence about either would only look like slowness.
 */
export function loadAddon(require = createRequire(import.meta.url)): AddonLoad {
  try {
    return { addon: require('@oomwatcher/native') as Addon };
  } catch (cause) {
    return { reason: reasonOf(cause), cause };
  }
}

function reasonOf(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  const platform = `${process.platform}-${process.arch}`;
  if (code === 'MODULE_NOT_FOUND') return `the addon is not installed or not built (${platform})`;
  // node-gyp-build's words; its error has no code.
  if (/^No native build was found/.test(message)) return `the addon is not built for ${platform}`;
  return `the addon is there but does not load (${firstLine(message)})`;
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0]!;
}
