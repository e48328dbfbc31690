import type { FoundBy, LineFamily } from './family.js';
import type { KeepFilter, KeepRule } from './keep-filter.js';
import { killerWords } from './other-killers.js';

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
