import type { Kill, RawReport } from '@oomwatcher/oom';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from '../../../kmsg/test/support/temporary.js';
import { bareKill } from '../../../oom/test/support/kills.js';
import { Journal, type JournalOptions } from '../../src/journal.js';

/** A journal that is closed when the test is over. */
export function openJournal(folder = temporaryFolder(), options: JournalOptions = {}): Journal {
  const journal = Journal.open(folder, options);
  onTestFinished(() => journal.close());
  return journal;
}

/** Kills of boot `b`, numbered. */
export function killsOf(first: number, count: number, more: Partial<Kill> = {}): Kill[] {
  return Array.from({ length: count }, (_, index) => ({
    ...bareKill,
    id: `b:${first + index}`,
    bootId: 'b',
    seq: first + index,
    ...more,
  }));
}

/** A report of one line for each kill. */
export function reportsOf(kills: readonly Kill[]): Map<string, RawReport> {
  return new Map(kills.map(({ id }) => [id, { lines: [`report of ${id}`] }]));
}

/** Records kills without a cursor. */
export function record(journal: Journal, kills: readonly Kill[]) {
  return journal.append({ kills, cursor: undefined, tallies: {} });
}

export const idsOf = (journal: Journal): string[] =>
  journal.after(0, 1_000_000).map(({ kill }) => kill.id);
