import { printable, residentKiB } from '@oomwatcher/explain';
import { type Kill, workloadKey, workloadOf } from '@oomwatcher/oom';

type Cell = string | number | undefined;

interface CsvKill {
  row: number;
  kill: Kill;
  /** undefined: it is of a file. */
  recordedMs?: number;
}

/** What a spreadsheet wants of a kill; sizes in KiB. More is in the JSON. */
const columns: [title: string, cell: (kill: CsvKill) => Cell][] = [
  ['row', ({ row }) => row],
  ['id', ({ kill }) => kill.id],
  ['time', ({ kill }) => kill.time],
  ['recorded', ({ recordedMs }) => recordedMs && new Date(recordedMs).toISOString()],
  ['scope', ({ kill }) => kill.scope],
  ['process', ({ kill }) => kill.victim?.name],
  ['pid', ({ kill }) => kill.victim?.pid],
  ['namespace', ({ kill }) => kill.pod?.namespace],
  ['pod', ({ kill }) => kill.pod?.name ?? kill.pod?.uid],
  ['container', ({ kill }) => kill.pod?.container ?? kill.container?.name ?? kill.container?.id],
  ['workload', ({ kill }) => keyOf(kill)],
  ['cgroup', ({ kill }) => kill.cgroup?.victim],
  ['usageKiB', ({ kill }) => kill.memory?.usageKiB],
  ['limitKiB', ({ kill }) => kill.memory?.limitKiB],
  ['residentKiB', ({ kill }) => residentKiB(kill.victim)],
];

function keyOf(kill: Kill): string | undefined {
  const workload = workloadOf(kill);
  return workload && workloadKey(workload);
}

export const csvHeader = columns.map(([title]) => title).join(',');

/** One record of RFC 4180. */
export function csvLine(kill: CsvKill): string {
  return columns.map(([, cell]) => quoted(cell(kill))).join(',');
}

/**
 * A spreadsheet computes a text that begins with one of these, and whoever was killed has chosen his name
 * (owasp.org/www-community/attacks/CSV_Injection).
 */
const computed = /^[=+\-@]/;

function quoted(cell: Cell): string {
  if (typeof cell !== 'string') return String(cell ?? '');
  const text = printable(computed.test(cell) ? `'${cell}` : cell);
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
