/** Below this share of the usage a kind of memory is not what filled the limit. */
export const minShare = 0.25;

/** Whether so much of the usage is worth a word of its own. */
export function isMuchOf(usageKiB: number, kib: number): boolean {
  return kib > 0 && kib >= usageKiB * minShare;
}
