import {
  advice,
  formatKiB,
  memoryWas,
  printable,
  type RecurrenceCounts,
  recurrenceWords,
  residentKiB,
  residentParts,
  shownLines,
  usedOfLimit,
  whoseLimit,
} from '@oomwatcher/explain';
import type { Kill, RawReport } from '@oomwatcher/oom';
import { lead, title, whenWords } from './kill-words.js';
import { words } from './language/language.js';

export interface MarkdownKill {
  kill: Kill;
  recordedMs?: number;
  report?: RawReport;
  recurrence?: RecurrenceCounts;
}

/**
 * One kill for a ticket or a chat: what the page says of it, the kernel's lines, and where the page is.
 * @param address undefined: of a file, which no address brings along
 */
export function killMarkdown(
  { kill, recordedMs, report, recurrence }: MarkdownKill,
  address: string | undefined,
): string {
  const { explanation, takeAway } = words();
  const { heads } = takeAway;
  const facts: [string, string | undefined][] = [
    [heads.when, whenWords(kill, recordedMs)],
    [heads.limit, whoseLimit(kill, explanation)],
    [heads.memory, usedOfLimit(kill, explanation)],
    [heads.was, memoryWas(kill, explanation)],
    [heads.process, residentWords(kill)],
    [heads.place, kill.cgroup?.victim],
    [heads.often, recurrence && recurrenceWords(recurrence, explanation)],
  ];
  const known = facts.filter((fact): fact is [string, string] => Boolean(fact[1]));
  const blocks = [
    `### ${escaped(title(kill))}`,
    escaped(lead(kill)),
    known.map(([name, said]) => `- ${takeAway.head(name, escaped(said))}`).join('\n'),
    advice(kill, explanation)
      .map((line) => `- ${escaped(line)}`)
      .join('\n'),
    report === undefined ? '' : fenced(shownLines(report, explanation)),
    address === undefined ? '' : `<${address}>`,
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function residentWords({ victim }: Kill): string | undefined {
  const { explanation } = words();
  const kib = residentKiB(victim);
  if (victim === undefined || kib === undefined) return undefined;
  return explanation.paragraph.resident(formatKiB(kib), residentParts(victim, explanation));
}

/** Names are chosen by whoever was killed: none of them is a link, a picture or HTML. */
function escaped(text: string): string {
  return printable(text).replace(/[\\`*_{}[\]<>#|~!&]/g, '\\$&');
}

/** The fence is longer than any in the lines. */
function fenced(lines: readonly string[]): string {
  const text = lines.map(printable).join('\n');
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}
