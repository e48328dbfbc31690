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
  const { victim } = kill;
  const residentWords =
    victim === undefined || residentKiB(victim) === undefined
      ? undefined
      : `${formatKiB(residentKiB(victim) ?? 0)} resident: ${residentParts(victim)}`;
  const facts: [string, string | undefined][] = [
    ['When', whenWords(kill, recordedMs)],
    ['Whose limit', whoseLimit(kill)],
    ['Memory', usedOfLimit(kill)],
    ['It was', memoryWas(kill)],
    ['The process', residentWords],
    ['Where it ran', kill.cgroup?.victim],
    ['How often', recurrence && recurrenceWords(recurrence)],
  ];
  const blocks = [
    `### ${escaped(title(kill))}`,
    escaped(lead(kill)),
    facts
      .flatMap(([name, words]) =>
        words === undefined || words === '' ? [] : `- **${name}:** ${escaped(words)}`,
      )
      .join('\n'),
    advice(kill)
      .map((line) => `- ${escaped(line)}`)
      .join('\n'),
    report === undefined ? '' : fenced(shownLines(report)),
    address === undefined ? '' : `<${address}>`,
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
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
