import type { Kill, Outcome } from '@oomwatcher/oom';
import { killLine } from './kill-line.js';
import { outcomeLine } from './outcome-line.js';
import { jsonLine, printable } from './printable.js';
import { styleFor } from './style.js';

/** Something that is not a kill but that whoever watches must know. JSON-able; one schema, kinds told apart by `kind`. */
export type Notice =
  | { kind: 'source'; source: string; reason: string }
  | { kind: 'watching'; what: string; fromSeq: number }
  | { kind: 'loss'; lost: number; fromSeq: number }
  | { kind: 'forged'; seq: number; text: string }
  | { kind: 'priorities'; format: string }
  | {
      kind: 'summary';
      kills: number;
      forged: number;
      lost: number;
      repeats: number;
      rejected?: number;
    };

/** Where a command says what happens: kills and outcomes on stdout, notices on stderr. */
export interface Reporter {
  kill(kill: Kill): void;
  outcome(outcome: Outcome): void;
  notice(notice: Notice): void;
}

/** One JSON object a line on both streams. */
export const jsonReporter: Reporter = {
  kill: (kill) => process.stdout.write(`${jsonLine(kill)}\n`),
  outcome: (outcome) => process.stdout.write(`${jsonLine(outcome)}\n`),
  notice: (notice) =>
    process.stderr.write(`${jsonLine({ schema: 'oomwatcher.notice/v1', ...notice })}\n`),
};

/** One line a kill for people. */
export function terminalReporter(): Reporter {
  const style = styleFor(process.stdout);
  const noticeStyle = styleFor(process.stderr);
  return {
    kill: (kill) => process.stdout.write(`${killLine(kill, style)}\n`),
    outcome: (outcome) => process.stdout.write(`${outcomeLine(outcome, style)}\n`),
    notice: (notice) => process.stderr.write(`${noticeStyle('dim', sentence(notice))}\n`),
  };
}

function sentence(notice: Notice): string {
  switch (notice.kind) {
    case 'source':
      return `source: ${printable(notice.source)} (${printable(notice.reason)})`;
    case 'watching':
      return `watching ${printable(notice.what)} from record ${notice.fromSeq} on`;
    case 'loss':
      return `${notice.lost} records lost from record ${notice.fromSeq} on: the log overran its reader`;
    case 'forged':
      return `record ${notice.seq} imitates the OOM killer but was written by user space, rejected: ${printable(notice.text)}`;
    case 'priorities':
      return `the format ${notice.format} carries no priorities: lines that user space forged cannot be told from the kernel's`;
    case 'summary':
      return [
        plural(notice.kills, 'kill'),
        plural(notice.forged, 'forged record'),
        plural(notice.lost, 'lost record'),
        ...(notice.rejected === undefined ? [] : [plural(notice.rejected, 'unreadable line')]),
      ].join(', ');
  }
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
