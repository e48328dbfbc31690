import { accessSync, constants, statfsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { formatKiB, printable } from '@oomwatcher/explain';
import { type Finding, ok, warning } from './finding.js';

const check = 'state folder';

/** Room for the journal's bound of rows with their reports, several times over. */
const minFreeKiB = 64 * 1024;

/** Whether the journal can be kept there. Makes nothing: a folder that is missing is made by `run`. */
export function stateFolder(folder: string): Finding {
  const name = printable(folder);
  const existing = nearestExisting(resolve(folder));
  try {
    if (!statSync(existing).isDirectory()) {
      throw Object.assign(new Error(), { code: 'ENOTDIR' });
    }
    accessSync(existing, constants.W_OK | constants.X_OK);
  } catch (error) {
    return warning(
      check,
      `${name} cannot be written (${(error as NodeJS.ErrnoException).code}): kills are kept in memory only, and a restart forgets them`,
      'name a writable folder with --state-dir, in Kubernetes a hostPath volume',
    );
  }
  const { bavail, bsize } = statfsSync(existing);
  const freeKiB = Math.floor((bavail * bsize) / 1024);
  if (freeKiB < minFreeKiB) {
    return warning(
      check,
      `${name} has ${formatKiB(freeKiB)} free: on a full disk kills are kept in memory only`,
      `make room, or name another folder with --state-dir`,
    );
  }
  const state = existing === resolve(folder) ? 'can be written' : 'can be made';
  return ok(check, `${name} ${state}, ${formatKiB(freeKiB)} free`);
}

function nearestExisting(folder: string): string {
  let path = folder;
  while (statSync(path, { throwIfNoEntry: false }) === undefined && path !== dirname(path)) {
    path = dirname(path);
  }
  return path;
}
