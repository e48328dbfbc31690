import { isBuiltin } from 'node:module';
import { loadAddon } from '@oomwatcher/kmsg';
import { type Finding, ok, warning } from './finding.js';

/** Whether the native reader can be used. */
export function addon({ reason } = loadAddon()): Finding {
  const check = 'native addon';
  if (reason === undefined) return ok(check, 'loads: the log is read on a thread of its own');
  return warning(
    check,
    `${reason}: the log is read in JavaScript, which is slower and sees fewer dying processes`,
    'install the package that has the binary for this platform, or build it: npm run build',
  );
}

/** Whether there is a database for the journal. */
export function sqlite(isThere = isBuiltin('node:sqlite')): Finding {
  const check = 'Node.js';
  const { version } = process;
  if (isThere) return ok(check, `${version}, with node:sqlite for the journal`);
  return warning(
    check,
    `${version} has no node:sqlite: kills are kept in memory only`,
    'run it on Node.js 22.19 or later',
  );
}
