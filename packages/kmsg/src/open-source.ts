import { type Addon, loadAddon } from './addon.js';
import { KmsgError, requireLinux } from './errors.js';
import { openNative } from './native.js';
import { openPortable } from './portable.js';
import type { KmsgSource, SourceOptions } from './source.js';
import { type Warn, warnBy } from './warning.js';

/** A source that reads the device of the live log. */
export type DeviceSourceKind = 'native' | 'portable';

/** Which source is to read the live log, and how. */
export interface OpenSourceOptions extends SourceOptions {
  /** Default: the environment's OOMWATCHER_SOURCE, else native where its addon loads and portable elsewhere. */
  source?: DeviceSourceKind | undefined;
  /** Default `/dev/kmsg`. */
  path?: string | undefined;
  /** Who is told when the addon does not load and plain JavaScript reads instead. */
  warn?: Warn | undefined;
}

/** A source that is open, and why it is this one, in one sentence. */
export interface OpenedSource {
  source: KmsgSource;
  /** Which source is live and why, one sentence for people. */
  reason: string;
}

/**
 * Opens the kernel's log. A source that was asked for by name is never replaced by another.
 *
 * @throws KmsgError when the device cannot be opened, or native was asked for and does not load.
 */
export function openSource(options: OpenSourceOptions): OpenedSource {
  requireLinux();
  const asked = options.source ?? sourceOfEnvironment();
  if (asked === 'native') {
    return { source: openNative(options), reason: 'native, as asked for' };
  }
  if (asked === 'portable') {
    return { source: openPortable(options), reason: 'portable, as asked for' };
  }
  const { addon, reason } = loadAddon();
  if (addon !== undefined) return { source: openNative(options), reason: reasonOfNative(addon) };
  warnBy(options.warn, {
    code: 'OOMWATCHER_PORTABLE',
    message: `oomWatcher reads the kernel's log in plain JavaScript, ${reason}: install @oomwatcher/native, or give the option source: 'portable'`,
  });
  return { source: openPortable(options), reason: `portable: ${reason}` };
}

function reasonOfNative({ isPrebuilt }: Addon): string {
  return isPrebuilt ? 'native addon' : 'native addon, built here';
}

function sourceOfEnvironment(): DeviceSourceKind | undefined {
  const value = process.env.OOMWATCHER_SOURCE;
  if (value === undefined || value === '') return undefined;
  if (value === 'native' || value === 'portable') return value;
  throw new KmsgError(`OOMWATCHER_SOURCE is "${value}"`, {
    code: 'ERR_INVALID_ARG_VALUE',
    remedy: 'set it to native or portable, or unset it',
  });
}
