import type { Pair, WitnessResult } from '../suites/witness.ts';
import { table } from './table.ts';

/** What the witness in the kernel gains and costs, as Markdown. */
export function witnessTable(result: WitnessResult): string {
  const { kills, cgroups, idleSeconds, signalNs } = result;
  const rows: [string, Pair, number][] = [
    [`kill to JSON line, ${kills} kills one after another: median, ms`, result.toLineP50Ms, 2],
    ['the same, 99 of 100 within, ms', result.toLineP99Ms, 2],
    [`processor time for a kill among ${cgroups} idle cgroups, ms`, result.cpuPerKillMs, 1],
    ['processor time until it watches, ms', result.startCpuMs, 0],
    [`idle over ${idleSeconds} s, ‰ of a core`, permille(result.idleCpu), 2],
    ['resident memory, MiB', result.residentMiB, 1],
    ['a signal that a process sends itself, ns', signalNs, 0],
  ];
  return [
    table(
      ['what', 'without the witness', 'with it', 'ratio'],
      rows.map(([what, { without, with: witnessed }, digits]) => [
        what,
        without.toFixed(digits),
        witnessed.toFixed(digits),
        (witnessed / without).toFixed(2),
      ]),
    ),
    '',
    `A record is in the addon's hands ${result.toAddonP50Ms.toFixed(3)} ms after the mark (median; 99 of 100 within ` +
      `${result.toAddonP99Ms.toFixed(2)} ms). Measured on ${result.measuredOn}: ${result.machine}.`,
  ].join('\n');
}

function permille({ without, with: witnessed }: Pair): Pair {
  return { without: without * 1000, with: witnessed * 1000 };
}
