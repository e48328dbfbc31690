import { printable } from '@oomwatcher/explain';
import type { BootFigures } from '@oomwatcher/journal';
import type { Notice as LogNotice } from '@oomwatcher/oom';
import type { Account } from '@oomwatcher/watcher';

/**
 * Something that is not a kill but that whoever watches must know. JSON-able; the kinds of one schema. `recording`: a
 * recorded log is shown, and this is where it comes from.
 */
export type Notice = NoticeOfKind & { recording?: string };

type NoticeOfKind =
  | { kind: 'source'; source: string; reason: string }
  | { kind: 'witness'; live: boolean; reason: string }
  /** The minutes before kills are not recorded. */
  | { kind: 'run-up'; live: false; reason: string }
  | { kind: 'watching'; what: string; fromSeq: number }
  | { kind: 'loss'; lost: number; fromSeq: number }
  | { kind: 'forged'; seq: number; text: string }
  | { kind: 'priorities'; format: string }
  /** Times of a captured log name no zone, nor did anybody else. */
  | { kind: 'zone'; format: string }
  /**
   * `taken`: the port that it would be at by default is another program's. `metricsOnly`: other machines reach the address and
   * nobody has a token, so that page and API are refused there.
   */
  | { kind: 'dashboard'; url: string; taken?: number; metricsOnly?: true }
  /** New files of the certificate that cannot be used. */
  | { kind: 'certificate'; sentence: string }
  /** Another agent has the state folder. */
  | { kind: 'waiting'; folder: string }
  /** Where kills are recorded. */
  | { kind: 'journal'; storage: 'disk'; path: string }
  | { kind: 'journal'; storage: 'memory'; reason: string }
  | { kind: 'journal-moved'; path: string; to: string }
  /** Of a journal that was moved: older kills that were taken over, and what of it cannot be read. */
  | { kind: 'journal-recovered'; kills: number; leftOut: number }
  /** Rows of the journal that cannot be read. */
  | { kind: 'journal-left-out'; rows: number }
  /** At the end of a captured log: kills that a sink has not got. */
  | { kind: 'undelivered'; sink: string; kills: number; reason?: string }
  /** Lines that standard output did not take: its reader hung. */
  | { kind: 'unread'; lines: number }
  /** A sink has failed by itself, and is begun anew. */
  | { kind: 'sink'; sink: string; sentence: string }
  | { kind: 'step'; text: string }
  /** A recorded log is shown; `reason`: why not this node's own. */
  | { kind: 'recording'; name: string; reason?: string }
  /** It is over, and the agent stays for its page. */
  | { kind: 'recording-over' }
  /** What the agent has to do with Kubernetes, and what keeps it from that. */
  | { kind: 'kubernetes'; sentence: string }
  /** What a log says of a kill whose own line it does not have. */
  | LogNotice
  | Summary;

/** The counts at the end; where the kernel counts its kills, with the account of the time since the watch began. */
export interface Summary
  extends Pick<BootFigures, 'kills' | 'repeats' | 'lost' | 'forged'>,
    Partial<Account> {
  kind: 'summary';
  /** Lines, or records of the kernel's log, that could not be read. */
  rejected?: number;
  /** Of a captured log that was parsed: what it was, and lines in it that are cut. */
  file?: string;
  format?: string;
  truncated?: number;
  /** Lines in the OOM killer's words from which nothing could be read, and the number of the first of them. */
  notUnderstood?: number;
  notUnderstoodLine?: number;
  /** Lines whose text journalctl left out: `[120B blob data]`. */
  withheld?: number;
}

/** A notice for people. */
export function noticeSentence(notice: Notice): string {
  const { recording } = notice;
  const sentence = sentenceOf(notice);
  return recording === undefined ? sentence : `${sentence} (${printable(recording)})`;
}

function sentenceOf(notice: NoticeOfKind): string {
  switch (notice.kind) {
    case 'source':
      return `source: ${printable(notice.source)} (${printable(notice.reason)})`;
    case 'witness':
      return `witness in the kernel: ${notice.live ? 'live' : 'none'} (${printable(notice.reason)})`;
    case 'run-up':
      return `the minutes before kills are not recorded: ${printable(notice.reason)}`;
    case 'watching':
      return `watching ${printable(notice.what)} from record ${notice.fromSeq} on`;
    case 'loss':
      return `${plural(notice.lost, 'record')} lost from record ${notice.fromSeq} on: the log overran its reader`;
    case 'forged':
      return `record ${notice.seq} imitates the OOM killer but user space wrote it, rejected: ${printable(notice.text)}`;
    case 'zone':
      return `the times of the format ${notice.format} name no zone: say it with --utc-offset, as +02:00`;
    case 'priorities':
      return `the format ${notice.format} carries no priorities: lines that user space forged cannot be distinguished from the kernel's`;
    case 'dashboard':
      if (notice.metricsOnly) {
        return `metrics and health: ${notice.url}; no dashboard there without --token-file, for other machines reach it`;
      }
      return `dashboard: ${notice.url}${notice.taken === undefined ? '' : ` (port ${notice.taken} is taken by another program)`}`;
    case 'waiting':
      return `another oomwatcher runs with the state folder ${printable(notice.folder)}: this one takes over when it ends (another folder: --state-dir)`;
    case 'journal':
      return notice.storage === 'disk'
        ? `journal: ${printable(notice.path)}`
        : `the journal is in memory only, and a restart reports again what the kernel's log still holds: ${printable(notice.reason)}`;
    case 'journal-moved':
      return `the journal ${printable(notice.path)} was damaged: it is kept as ${printable(notice.to)}, and a new one is begun`;
    case 'journal-recovered':
      return `${plural(notice.kills, 'older kill')} taken over from the damaged journal, ${plural(notice.leftOut, 'row')} of it cannot be read`;
    case 'journal-left-out':
      return `${plural(notice.rows, 'row')} of the journal cannot be read and stay left out: check the disk`;
    case 'undelivered':
      return `${printable(notice.sink)} has not got ${plural(notice.kills, 'kill')} yet${because(notice.reason)}: run oomwatcher again with the same --state-dir to deliver`;
    case 'sink':
      return `${printable(notice.sink)}: ${printable(notice.sentence)}`;
    case 'step':
      return printable(notice.text);
    case 'recording':
      return notice.reason === undefined
        ? `playing ${printable(notice.name)}`
        : `${printable(notice.reason)}; until then this is a recorded storm, ${printable(notice.name)}`;
    case 'recording-over':
      return 'the recording is over, its page stays: end it with Ctrl-C';
    case 'unread':
      return `${plural(notice.lines, 'line')} left out on standard output, whose reader did not read: \`oomwatcher history\` has the kills`;
    case 'certificate':
      return printable(notice.sentence);
    case 'kubernetes':
      return `kubernetes: ${printable(notice.sentence)}`;
    case 'report-without-kill':
      return `the log has no kill line for a report of the OOM killer${about(notice)}`;
    case 'announced-without-kill':
      return `the log has no kill line for a kill that the kernel announced, of this process or a child of it${about(notice)}`;
    case 'reaped-without-kill':
      return `the log has no kill line for a victim of the OOM killer whose memory the kernel freed${about(notice)}`;
    case 'summary':
      return summarySentence(notice);
  }
}

function summarySentence(summary: Summary): string {
  const { file, format, kills, forged, lost, rejected = 0, truncated = 0, withheld = 0 } = summary;
  const { notUnderstood = 0 } = summary;
  const origin = file === undefined ? '' : `${printable(file)} (${format}): `;
  const counts = [
    plural(kills, 'kill'),
    plural(forged, 'forged record'),
    plural(lost, 'lost record'),
  ];
  if (summary.kernelKills !== undefined) {
    // Not of the same time: kills that the log held at the start were counted by the kernel before.
    counts.push(
      `since the watch began the kernel counted ${plural(summary.kernelKills, 'kill')}, ${summary.unaccounted} unaccounted`,
    );
  }
  if (notUnderstood > 0) {
    const first = summary.notUnderstoodLine;
    const where = first === undefined ? '' : `, the first is line ${first}`;
    counts.push(`not understood: ${plural(notUnderstood, 'line')}${where}`);
  } else if (rejected > 0) counts.push(plural(rejected, 'unreadable line'));
  if (truncated > 0) counts.push(plural(truncated, 'truncated line'));
  if (withheld > 0) {
    counts.push(
      `${plural(withheld, 'line')} that journalctl left out (export it with -a or -o json)`,
    );
  }
  return `${origin}${counts.join(', ')}`;
}

/** `: process 7 (app) in /kubepods/…` */
function about({ process, cgroup }: Pick<LogNotice, 'process' | 'cgroup'>): string {
  const name = process?.name === undefined ? '' : ` (${printable(process.name)})`;
  const who = process === undefined ? '' : `process ${process.pid}${name}`;
  const path = cgroup?.victim ?? cgroup?.limit;
  const where = path === undefined ? '' : `in ${printable(path)}`;
  const words = [who, where].filter((part) => part !== '').join(' ');
  return words === '' ? '' : `: ${words}`;
}

function because(reason: string | undefined): string {
  return reason === undefined ? '' : ` (${printable(reason)})`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
