import { wordsAt } from './kernel-words.js';

/** What a text is that is no log: a program, or prose. undefined: a log, or nobody knows. */
export type Genre = 'source' | 'prose' | undefined;

/** Lines that only a program has. */
const certain = [
  /^(?:#! ?\/|#include [<"]|diff --git |package \w+;?$|import \{|@@ -\d+(?:,\d+)? \+)/,
  /^\s*(?:export )?(?:default |async )*(?:const|let|function|class) \w+\b.*[={(]$/,
  /^\s*(?:def \w+\(.*\).*:$|func \w+\(.*\{$|(?:pub )?(?:async )?fn \w+\(.*\{$)/,
];
const likely = [
  /^\s*(?:import |from \S+ import |(?:export )?(?:const|let|var) [\w{[]+.*=|class \w+|use [\w:]+.*;$)/,
  /^\s*(?:@[\w.]+(?:\(.*\))?$|#\[\w+\]$|\/\*\*?$|\*\/$|return\b.*;$|\} else)/,
  /^\s*(?:if|for|while|switch) ?\(.*\) ?\{$/,
  /^\s*[\w.>-]+\(.*\)(?:;|\.\w+\(.*\);)$/,
];
/** Marks of a page, and words that a log has only in its sentences. */
const heading = /^(?:#{1,6} \S.*[A-Za-z]|(={2,6}) .+ \1$)/;
const common =
  /(?<![\w-])(?:a|an|and|are|at|be|but|by|das|der|die|do|el|es|est|et|for|have|how|i|ich|if|is|it|its|le|les|mein|my|not|of|on|or|our|that|the|this|und|was|we|what|why|you|your)(?![\w-])/gi;
const endsSentence = /[.?!:,]["'`)*]*$/;

/** @param lines those of a log's first lines that have no head of a log */
export function genreOf(lines: readonly string[]): Genre {
  const own = lines.filter((line) => wordsAt(line) < 0);
  if (own.some((line) => certain.some((pattern) => pattern.test(line)))) return 'source';
  const programs = own.filter((line) => likely.some((pattern) => pattern.test(line))).length;
  if (programs >= 2 && programs * 8 >= own.length) return 'source';
  const written = own.filter(isProse).length;
  const isPage = own.some((line) => heading.test(line)) && written > 0;
  return isPage || (written >= 2 && written * 4 >= own.length) ? 'prose' : undefined;
}

function isProse(line: string): boolean {
  if (/^\s*[{["]/.test(line)) return false;
  const words = line.match(common)?.length ?? 0;
  return words >= 3 || (words >= 2 && endsSentence.test(line));
}
