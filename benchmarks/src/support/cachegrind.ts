import { spawnSync } from 'node:child_process';

/** Before a command: counts the instructions that it takes, whatever else the machine does. */
export const cachegrind = [
  'valgrind',
  '--tool=cachegrind',
  '--cache-sim=no',
  '--cachegrind-out-file=/dev/null',
];

/** @param stderr what cachegrind wrote */
export function instructionsIn(stderr: string): number {
  const refs = /I\s+refs:\s+([\d,]+)/.exec(stderr)?.[1]?.replaceAll(',', '');
  if (refs === undefined) throw new Error(`cachegrind counted nothing: ${stderr}`);
  return Number(refs);
}

export function hasValgrind(): boolean {
  return spawnSync('valgrind', ['--version']).status === 0;
}
