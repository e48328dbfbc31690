import type { RunUpFact } from './run-up-facts.js';
import type { GrownProcess } from './run-up-processes.js';
import { formatKiB, formatRate } from './sizes.js';

/** What took longer between two samples may have been slow. */
const quickUs = 5e6;

const kinds = {
  any: '',
  tmpfs: ', most of it files in tmpfs or shared memory',
  kernel: ", most of it the kernel's own",
};

/** What grew before a kill. */
export const runUpEnglish = {
  span,
  fact: (fact: RunUpFact): string => {
    switch (fact.kind) {
      case 'grew':
        return `grew ${formatRate(fact.kib, fact.us)} for ${span(fact.us)}, to ${formatKiB(fact.toKiB)}${kinds[fact.of ?? 'any']}`;
      case 'jumped':
        return `${fact.us < quickUs ? 'jumped' : 'went up'} ${formatKiB(fact.kib)} ${fact.beforeUs === 0 ? `in the last ${span(fact.us)}` : `within ${span(fact.us)}, ${span(fact.beforeUs)} before`}`;
      case 'rose-and-fell':
        return `rose and fell ${fact.times} times before, between ${formatKiB(fact.lowKiB)} and ${formatKiB(fact.highKiB)}`;
      case 'steady':
        return `did not grow in ${span(fact.us)}: ${formatKiB(fact.lowKiB)} to ${formatKiB(fact.highKiB)} in every sample`;
      case 'at-limit':
        return `at its limit for ${span(fact.us)}${fact.gaveUpKiB === undefined ? '' : `, page cache given up first (${formatKiB(fact.gaveUpKiB)})`}`;
      case 'new-process':
        return fact.others === 0
          ? `a new process ${span(fact.beforeUs)} before: ${processWords(fact.process)}`
          : `${fact.others + 1} new processes in the last minute, the biggest ${span(fact.beforeUs)} before: ${processWords(fact.process)}`;
      case 'victim-grew':
        return `the victim grew, by ${formatKiB(fact.kib)} in ${span(fact.us)}`;
      case 'other-grew':
        return `the victim did not grow: ${processWords(fact.process)} did, by ${formatKiB(fact.kib)} in ${span(fact.us)}`;
      case 'watched':
        return `watched for the last ${span(fact.us)} only`;
    }
  },
  /** Behind a curve: what its top is, and how long it is. */
  scale: (top: string, isLimit: boolean, us: number, endsWithKill: boolean) =>
    ` ${isLimit ? 'of' : 'at most'} ${top}, ${span(us)}${endsWithKill ? '' : ' to the last sample'}`,
  ofVictim: " (victim's)",
};

function processWords({ comm, pid }: GrownProcess): string {
  return `${comm} (pid ${pid})`;
}

/** `0.8 s`, `80 s`, `9 min` */
function span(us: number): string {
  const seconds = us / 1e6;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}
