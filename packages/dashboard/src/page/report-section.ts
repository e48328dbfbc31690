import { shownLines } from '@oomwatcher/explain';
import type { Kill, RawReport } from '@oomwatcher/oom';
import { el } from './dom.js';
import { section } from './section.js';
import { count } from './words.js';

/** Where the explanation comes from: the kernel's lines, and the record that was made of them. */
export function reportSection(
  kill: Kill,
  report: RawReport | undefined,
  ofFile: boolean,
): HTMLElement {
  return section(
    'What is known of it',
    'record-section',
    el(
      'p',
      { class: 'muted' },
      reportWords(kill, report, ofFile),
      kill.seq === undefined ? '' : ` The kill is record ${count(kill.seq)} of the kernel’s log.`,
    ),
    report !== undefined && folded('The kernel’s lines', shownLines(report), 'as-printed'),
    folded('The record', JSON.stringify(kill, null, 2).split('\n')),
  );
}

function reportWords(kill: Kill, report: RawReport | undefined, ofFile: boolean): string {
  if (kill.victim === undefined) return 'Only a counter of the kernel reported it: no line did.';
  if (report === undefined && kill.witnessed && kill.seq === undefined) {
    return 'The log has no line of it: the kernel itself reported it at the kill.';
  }
  if (report === undefined) {
    return ofFile
      ? 'There are too many kills in the file to keep the lines of all.'
      : 'Its lines are not kept: the journal has those of the newest kills.';
  }
  if (report.lines.length === 1) {
    if (kill.witnessed) {
      return 'The kernel printed one line for it and no report; what that would have said was read at the kill itself.';
    }
    return kill.missing === 'withheld'
      ? 'The kernel printed one line for it and no report: of those it prints ten in 5 s for the whole machine.'
      : 'The log has one line of it and no report.';
  }
  const read = ofFile
    ? ''
    : ' Lines that nothing is read from, such as the stack, are not among them.';
  return kill.complete
    ? `The kernel’s report was read whole.${read}`
    : `Part of the kernel’s report is missing.${read}`;
}

function folded(name: string, lines: readonly string[], className = ''): HTMLElement {
  return el(
    'details',
    {},
    el('summary', {}, name),
    el(
      'pre',
      { class: className, attributes: { tabindex: 0, role: 'region', 'aria-label': name } },
      ...lines.map((line) => el('span', { class: 'line' }, line)),
    ),
  );
}
