import { printable } from '@oomwatcher/explain';
import type { AccountSinceBoot } from '@oomwatcher/journal';

/** The account; where there is no journal to ask only what the kernel says, and why, in one sentence. */
export type AccountReport =
  | AccountSinceBoot
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
    conclusion(report),
  ];
}

function conclusion(report: AccountReport): string {
  if ('reason' in report) return printable(report.reason);
  const { kernelKills, unaccounted } = report;
  if (kernelKills === undefined) {
    return 'This kernel does not count its kills (Linux 4.13 and later do): nothing can be compared.';
  }
  if (unaccounted === undefined) return 'The watch has just begun: ask again in some seconds.';
  if (unaccounted === 0) return 'Every kill since boot is accounted for.';
  return unaccounted > 0
    ? `${unaccounted} of the kernel's kills cannot be accounted for: see that oomwatcher run is running, and ask again.`
    : 'More kills are recorded than the kernel has counted: please report this.';
}
