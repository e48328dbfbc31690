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

/** A run under cachegrind. */
export interface Counted {
  instructions: number;
  records: number;
}

/** What two runs of a different number of passes differ by: starting is the same in both. */
export function instructionsPerRecord(few: Counted, many: Counted): number {
  return (many.instructions - few.instructions) / (many.records - few.records);
}

export function hasValgrind(): boolean {
  return spawnSync('valgrind', ['--version']).status === 0;
}
