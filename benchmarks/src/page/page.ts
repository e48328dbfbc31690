import type { Results } from '../results.ts';
import { tables } from './tables.ts';

/** docs/benchmarks.md. */
export function page(results: Results): string {
  return `# Benchmarks

Written by \`npm run bench\` on ${results.measuredOn}: ${results.machine}. Contenders ran in turns in one run, so trust
the ratios.

![How fast each reader reads the kernel's ring, against a bare C loop](benchmarks.svg)

The bare C loop reads each record and does nothing with it: one read(2) a record is the floor. The other readers find the
kills among the records. "native" reads the ring 128 times over in one opening of the device, so that starting a thread
weighs little; the library that sends it back to the beginning is loaded into every reader and into the loop, for it costs
some 3 % of a read. "start-up included" opens, reads the ring once and is done, in 3 to 8 ms. Processor time is that of a
reader's busiest thread: what it takes when each thread has a core. The readers in plain JavaScript find only the kill line
with its pid and name.

${tables(results)}

The guard (\`npm run bench:guard\`) holds the hot path to the limits in benchmarks/limits.json.
`;
}
