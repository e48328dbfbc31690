import { printable } from '@oomwatcher/explain';
import type { AccountSinceBoot, WitnessNote } from '@oomwatcher/journal';

/** The account; where there is no journal to ask only what the kernel says, and why, in one sentence. */
export type AccountReport =
  | (AccountSinceBoot & { witness?: WitnessNote })
  | (Pick<AccountSinceBoot, 'schema' | 'bootId' | 'kernelKills'> & { reason: string });

/** One aligned line a figure, and what they come to. */
export function accountLines(report: AccountReport): string[] {
  const figures: [words: string, count: number | undefined][] = [
    ['kills counted by the kernel since boot', report.kernelKills],
  ];
  if (!('reason' in report)) {
    figures.push(
      ['  in the journal', report.kills],
      ['  counted twice (first victims of groups)', report.repeats],
      ['  before the first watch, no longer in the log', report.beforeFirstWatch],
      ['  while no agent ran, no longer in the log', report.whileAway],
      ['  unaccounted', report.unaccounted],
      ['records of the log lost', report.lost],
      ['forged records rejected', report.forged],
    );
  }
  const known = figures.filter((figure): figure is [string, number] => figure[1] !== undefined);
  const wordsWidth = Math.max(0, ...known.map(([words]) => words.length));
  const countWidth = Math.max(0, ...known.map(([, count]) => String(count).length));
  return [
    ...known.map(
      ([words, count]) => `${words.padEnd(wordsWidth)}  ${String(count).padStart(countWidth)}`,
    ),
    ...('witness' in report && report.witness !== undefined ? [witnessLine(report.witness)] : []),
    conclusion(report),
  ];
}

function witnessLine({ live, reason }: WitnessNote): string {
  return `witness in the kernel: ${live ? 'live' : 'none'} (${printable(reason)})`;
}

function conclusion(report: AccountReport): string {
  if ('reason' in report) return `Nothing was compared: ${printable(report.reason)}`;
  const { kernelKills, unaccounted } = report;
  if (kernelKills === undefined) {
    return 'Nothing was compared: this kernel does not count its kills (Linux 4.13 and later do).';
  }
  if (unaccounted === undefined) {
    return 'Nothing was compared yet: the watch has just begun, ask again in some seconds.';
  }
  if (unaccounted === 0) return 'Every kill since boot is accounted for.';
  return unaccounted > 0
    ? `${unaccounted} of the kernel's kills cannot be accounted for: see that oomwatcher run is running, and ask again.`
    : 'More kills are recorded than the kernel has counted: please report this.';
}
