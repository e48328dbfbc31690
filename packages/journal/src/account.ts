import type { BootFigures, BootRecord } from './boots.js';

/**
 * Whether every kill since boot is accounted for: the kernel's own count is
 * kills + repeats + beforeFirstWatch + whileAway + unaccounted. What is not known is absent.
 */
export interface AccountSinceBoot extends BootFigures {
  schema: 'oomwatcher.account/v1';
  bootId: string;
  /** Kills that the kernel has counted since boot (/proc/vmstat, since 4.13). */
  kernelKills?: number;
  /** What is left: 0 when all is well; a kill that just happened can be counted and not yet recorded. */
  unaccounted?: number;
}

/** @param kernelKills the kernel's count, read now; undefined: this kernel does not count. */
export function account(
  bootId: string,
  boot: BootRecord | undefined,
  kernelKills: number | undefined,
): AccountSinceBoot {
  const { kills = 0, repeats = 0, whileAway = 0, lost = 0, forged = 0 } = boot ?? {};
  const { beforeFirstWatch } = boot ?? {};
  return {
    schema: 'oomwatcher.account/v1',
    bootId,
    ...(kernelKills !== undefined && { kernelKills }),
    kills,
    repeats,
    ...(beforeFirstWatch !== undefined && { beforeFirstWatch }),
    whileAway,
    // Without knowing what was before, the difference says nothing.
    ...(kernelKills !== undefined &&
      boot?.beforeFirstWatch !== undefined && { unaccounted: kernelKills - accountedFor(boot) }),
    lost,
    forged,
  };
}

/** How many of the kernel's kills of this boot are accounted for. */
export function accountedFor({
  kills,
  repeats,
  beforeFirstWatch = 0,
  whileAway,
}: BootFigures): number {
  return kills + repeats + beforeFirstWatch + whileAway;
}
