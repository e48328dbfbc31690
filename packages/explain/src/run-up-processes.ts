import type { Kill, ProcessSample } from '@oomwatcher/oom';
import { residentKiB } from './resident.js';
import type { RunUpSeries } from './run-up-series.js';

/** A process that the samples saw. */
export interface GrownProcess {
  pid: number;
  comm: string;
}

type ProcessFact =
  | { kind: 'new-process'; process: GrownProcess; beforeUs: number; others: number }
  | { kind: 'victim-grew'; kib: number; us: number }
  | { kind: 'other-grew'; process: GrownProcess; kib: number; us: number };

/** A process in all samples that saw it. */
interface Sighted {
  process: ProcessSample;
  firstUs: number;
  lastUs: number;
  firstKiB: number;
  lastKiB: number;
  /** When it began, if that was while the cgroup was watched. */
  bornUs: number | undefined;
}

/** Of the limit: less than this of a process is not worth a word. */
const minShare = 0.05;
/** Who grew by less than this share of another one's growth did not grow beside it. */
const littleShare = 0.1;
/** A process that is older than this is not new. */
const newUs = 60e6;
const tickUs = 10_000;

/** What the biggest processes did before the kill. Of one that was not among them at a moment, nothing is known then. */
export function processFacts(series: RunUpSeries, victim: Kill['victim']): ProcessFact[] {
  const seen = sighted(series);
  return [...born(seen, series), ...whoGrew(seen, victim, series)];
}

function sighted({ samples, run }: RunUpSeries): Sighted[] {
  const seen = new Map<string, Sighted>();
  for (const { monotonicUs, processes = [] } of samples) {
    for (const process of processes) {
      const key = `${process.pid}:${process.startTicks}`;
      const kib = sizeOf(process);
      const known = seen.get(key);
      // Ticks are of the clock that goes on in suspend: where that was, the process seems to begin after it was seen.
      const startUs = process.startTicks * tickUs;
      const isBorn = startUs > run.sinceMonotonicUs && startUs <= monotonicUs;
      seen.set(key, {
        process,
        firstUs: known?.firstUs ?? monotonicUs,
        firstKiB: known?.firstKiB ?? kib,
        lastUs: monotonicUs,
        lastKiB: kib,
        bornUs: known === undefined ? (isBorn ? startUs : undefined) : known.bornUs,
      });
    }
  }
  return [...seen.values()];
}

function sizeOf({ anonRssKiB, shmemRssKiB = 0 }: ProcessSample): number {
  return anonRssKiB + shmemRssKiB;
}

/** Growth from its first to its last sight; of one that is new, from its beginning. */
function growthOf({ bornUs, firstUs, firstKiB, lastUs, lastKiB }: Sighted) {
  return bornUs === undefined
    ? { kib: lastKiB - firstKiB, us: lastUs - firstUs }
    : { kib: lastKiB, us: lastUs - bornUs };
}

function born(
  seen: readonly Sighted[],
  { endUs, endsWithKill, scaleKiB }: RunUpSeries,
): ProcessFact[] {
  if (!endsWithKill) return [];
  const fresh = seen
    .filter(({ bornUs }) => bornUs !== undefined && endUs - bornUs < newUs)
    .sort((a, b) => b.lastKiB - a.lastKiB);
  const [biggest] = fresh;
  const sum = fresh.reduce((kib, { lastKiB }) => kib + lastKiB, 0);
  if (biggest?.bornUs === undefined || sum < scaleKiB * minShare) return [];
  const beforeUs = endUs - biggest.bornUs;
  return [{ kind: 'new-process', process: nameOf(biggest), beforeUs, others: fresh.length - 1 }];
}

function whoGrew(
  seen: readonly Sighted[],
  victim: Kill['victim'],
  { scaleKiB }: RunUpSeries,
): ProcessFact[] {
  if (victim === undefined || seen.length === 0) return [];
  const most = seen.reduce((a, b) => (growthOf(b).kib > growthOf(a).kib ? b : a));
  const { kib, us } = growthOf(most);
  if (us === 0 || kib < scaleKiB * minShare) return [];
  const itself = seen.find(({ process }) => isVictim(process, victim));
  if (itself === most) return [{ kind: 'victim-grew', kib, us }];
  // Who was never among the biggest cannot have grown by more than it had.
  const grownKiB = itself === undefined ? residentKiB(victim) : growthOf(itself).kib;
  if (grownKiB === undefined || grownKiB > kib * littleShare) return [];
  return [{ kind: 'other-grew', process: nameOf(most), kib, us }];
}

function isVictim(
  { pid, startTicks }: ProcessSample,
  victim: NonNullable<Kill['victim']>,
): boolean {
  return (
    pid === victim.pid && (victim.startTicks === undefined || victim.startTicks === startTicks)
  );
}

function nameOf({ process: { pid, comm } }: Sighted): GrownProcess {
  return { pid, comm };
}
