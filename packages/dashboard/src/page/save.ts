import { jsonLine } from '@oomwatcher/explain';
import { csvHeader, csvLine } from '../kill-csv.js';
import { el } from './dom.js';
import { words } from './language/language.js';
import { maxSaved, type WholeKill } from './shown-kills.js';

export type SavedAs = 'json' | 'csv';

interface Form {
  type: string;
  first: string;
  words: (kill: WholeKill) => string;
  between: string;
  last: string;
}

const forms: Record<SavedAs, Form> = {
  json: {
    type: 'application/json',
    first: '[\n',
    words: ({ kill }) => jsonLine(kill),
    between: ',\n',
    last: '\n]\n',
  },
  csv: {
    type: 'text/csv',
    first: `${csvHeader}\r\n`,
    words: csvLine,
    between: '\r\n',
    last: '\r\n',
  },
};

/** Saves the kills as a file of the reader's. Returns how many they were. */
export async function saveKills(
  pages: AsyncIterable<readonly WholeKill[]>,
  as: SavedAs,
  progress: (kills: number) => void,
): Promise<number> {
  const { type, first, words, between, last } = forms[as];
  const parts = [first];
  let kills = 0;
  for await (const page of pages) {
    if (page.length === 0) continue;
    if (kills > 0) parts.push(between);
    parts.push(page.map(words).join(between));
    kills += page.length;
    progress(kills);
  }
  parts.push(last);
  const address = URL.createObjectURL(new Blob(parts, { type }));
  el('a', { attributes: { href: address, download: `oom-kills.${as}` } }).click();
  // The browser has it by then; until then the address must be good.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  return kills;
}

export function savedWords(saved: number, shown: number): string {
  const said = words().takeAway;
  if (saved === shown) return said.saved(saved);
  return shown > maxSaved ? said.newest(saved, shown) : said.forgotten(saved, shown);
}
