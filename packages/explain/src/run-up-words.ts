import type { Kill } from '@oomwatcher/oom';
import { type RunUpFact, runUpFacts } from './run-up-facts.js';
import type { GrownProcess } from './run-up-processes.js';
import { formatKiB } from './sizes.js';

/** What took longer between two samples may have been slow. */
const quickUs = 5e6;

/** What grew before a kill, one statement a line; empty: nobody watched. Names are as they are, as in kill-words.ts. */
export function runUpWords(kill: Kill): string[] {
  return runUpFacts(kill).map(factWords);
}

function factWords(fact: RunUpFact): string {
  switch (fact.kind) {
    case 'grew':
      return `grew ${rate(fact.kib, fact.us)} for ${span(fact.us)}, to ${formatKiB(fact.toKiB)}${kinds[fact.of ?? 'any']}`;
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
}

const kinds = {
  any: '',
  tmpfs: ', most of it files in tmpfs or shared memory',
  kernel: ", most of it the kernel's own",
};

function processWords({ comm, pid }: GrownProcess): string {
  return `${comm} (pid ${pid})`;
}

/** `3.0 MiB/s`; what is slower than a KiB a second is told by the minute. */
export function rate(kib: number, us: number): string {
  const perSecond = (kib / us) * 1e6;
  const isSlow = perSecond < 1;
  return `${formatKiB(Math.round(isSlow ? perSecond * 60 : perSecond))}/${isSlow ? 'min' : 's'}`;
}

/** `0.8 s`, `80 s`, `9 min` */
export function span(us: number): string {
  const seconds = us / 1e6;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}
