import { type Stats, statSync } from 'node:fs';
import { KmsgError, openPortable } from '@oomwatcher/kmsg';
import { type Finding, missing, ok } from './finding.js';

const check = 'kernel log';

/** Whether the device is there, is the kernel's own, and may be read. */
export function kernelLog(path = '/dev/kmsg'): Finding {
  try {
    openPortable({ path, keep: { rules: [], fragments: false } }).close();
    return ok(check, `${path} is the kernel's log and may be read`);
  } catch (error) {
    if (!(error instanceof KmsgError)) throw error;
    const there = error.code === 'ERR_NOT_KMSG' ? `, but ${kindOf(path)}` : '';
    return missing(check, `${error.problem}${there}`, error.remedy);
  }
}

/** What stands in the device's place, in words. */
function kindOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 'nothing any more';
  if (stats.isFile()) return 'a regular file';
  if (stats.isFIFO()) return 'a FIFO';
  if (stats.isDirectory()) return 'a folder';
  if (stats.isSocket()) return 'a socket';
  const { major, minor } = deviceNumber(stats);
  const known = knownDevices.get(`${major}:${minor}`);
  const kind = stats.isBlockDevice() ? 'a block device' : 'the character device';
  return `${kind} ${major}:${minor}${known === undefined ? '' : ` (${known})`}`;
}

/** Documentation/admin-guide/devices.txt */
const knownDevices = new Map([
  ['1:3', '/dev/null'],
  ['1:5', '/dev/zero'],
  ['5:1', '/dev/console'],
]);

/** As Linux packs it for user space (include/linux/kdev_t.h, new_encode_dev). */
function deviceNumber({ rdev }: Stats): { major: number; minor: number } {
  return { major: (rdev & 0xfff00) >> 8, minor: (rdev & 0xff) | ((rdev >> 12) & 0xfff00) };
}
