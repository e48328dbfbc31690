import { hostname } from 'node:os';
import { jsonLine } from '@oomwatcher/explain';
import { type Notice, noticeSentence } from './notice.js';

/** pino's numbers. */
const levels = { info: 30, warn: 40 } as const;

const troubles: ReadonlySet<Notice['kind']> = new Set([
  'loss',
  'forged',
  'priorities',
  'journal-moved',
  'journal-recovered',
  'journal-left-out',
  'undelivered',
  'recording',
  'certificate',
  'unread',
  'sink',
]);

/**
 * A notice as a line of a service's log, in the form of pino: what collects logs knows its level, its time and its `msg`
 * at once. pino itself would cost 2 MB resident and 60 KB of the bundle for a few lines a day, and it leaves characters
 * in texts that a terminal obeys.
 */
export function logLine(notice: Notice, timeMs = Date.now()): string {
  const isTrouble =
    troubles.has(notice.kind) || (notice.kind === 'journal' && notice.storage === 'memory');
  return jsonLine({
    level: levels[isTrouble ? 'warn' : 'info'],
    time: timeMs,
    pid: process.pid,
    hostname: hostname(),
    schema: 'oomwatcher.notice/v1',
    ...notice,
    msg: noticeSentence(notice),
  });
}
