import type { OtherPod } from '../../src/index.js';

const gib = 1024 * 1024;

/** A pod beside the victim's: 2 GiB held, and a GiB of page cache. */
export function otherPod(name: string, more: Partial<OtherPod> = {}): OtherPod {
  return {
    uid: `uid-${name}`,
    qos: 'burstable',
    namespace: 'shop',
    name,
    usageKiB: 3 * gib,
    fileKiB: gib,
    ...more,
  };
}
