import type { FoundBy, LineFamily } from './family.js';
import { killerWords } from './other-killers.js';

// What a reader of the log is asked for, as data, for the reader knows no wording. The same shapes as the native reader's own.

/** Which records are kept: those for which one of the rules holds. Byte strings are latin1, as the kernel escaped them. */
export interface KeepFilter {
  rules: KeepRule[];
  /** Keep every fragment of a line (flag other than `-`) that the kernel printed. */
  fragments: boolean;
}

export interface KeepRule {
  bytes: string;
  /** `start`: the text begins with the bytes; `anywhere`: it contains them. */
  at: 'start' | 'anywhere';
  /** `kernel`: only records of facility 0; `any`: all. */
  facility: 'kernel' | 'any';
}

/** In a kept record of the kernel, `marker` and a number n: `files` of `folder` are read at once, `%` in it standing for n. */
export interface SnapshotRule {
  marker: string;
  folder: string;
  files: string[];
  /** Files whose reading may wait for a lock: read by a thread of their own. */
  slowFiles?: string[];
}

/** The records of the live log that the families need, as data for whoever reads it. Bytes as the kernel escapes them. */
export function keepFilterOf(families: readonly LineFamily[]): KeepFilter {
  const from = (rank: LineFamily['rank']) => families.filter((family) => family.rank === rank);
  const headlines = distinct(from('headline').flatMap(({ begins }) => begins ?? []));
  const anywhere = distinct(from('headline').flatMap(({ contains }) => contains ?? []));
  const details = distinct([
    ...from('detail').flatMap(({ begins }) => begins ?? []),
    ...families.flatMap(({ pieces }) => pieces?.begins ?? []),
  ]);
  return {
    rules: [
      ...headlines.map((bytes): KeepRule => ({ bytes, at: 'start', facility: 'any' })),
      ...details.map((bytes): KeepRule => ({ bytes, at: 'start', facility: 'kernel' })),
      ...anywhere.map((bytes): KeepRule => ({ bytes, at: 'anywhere', facility: 'any' })),
    ],
    fragments: true,
  };
}

/** The words that a captured log is searched for: the families', and those of user space's killers. */
export function captureHeadlinesOf(families: readonly LineFamily[]): FoundBy[] {
  const byBytes = new Map<string, FoundBy>();
  for (const { found } of families) {
    for (const words of found ?? []) byBytes.set(words.bytes, words);
  }
  for (const bytes of killerWords) byBytes.set(bytes, { bytes });
  return [...byBytes.values()];
}

/** Each once, without those that begin with another of them. */
function distinct(words: readonly string[]): string[] {
  return [...new Set(words)].filter(
    (one) => !words.some((other) => other !== one && one.startsWith(other)),
  );
}
