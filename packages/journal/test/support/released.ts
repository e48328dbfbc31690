import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../../kmsg/test/support/temporary.js';

const fixtures = join(import.meta.dirname, '../fixtures');

/** Journals as the versions before made them, one for each schema: of 24 kills, with rows in every sink's tables. */
export const releasedJournals: readonly string[] = readdirSync(fixtures).filter((name) =>
  name.endsWith('.db'),
);

/** A state folder with a copy of one. */
export function releasedState(name: string): { folder: string; path: string } {
  const folder = temporaryFolder();
  const path = join(folder, 'journal.db');
  copyFileSync(join(fixtures, name), path);
  return { folder, path };
}

/** Options of a journal that keeps its kills however old the fixture is. */
export const keepsAll = { keepMs: 1e15 };
