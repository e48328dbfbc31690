import { shownLines } from '@oomwatcher/explain';
import type { Kill, RawReport } from '@oomwatcher/oom';
import { el } from './dom.js';
import { words } from './language/language.js';
import { section } from './section.js';

/** Where the explanation comes from: the kernel's lines, and the record that was made of them. */
export function reportSection(
  kill: Kill,
  report: RawReport | undefined,
  ofFile: boolean,
): HTMLElement {
  const said = words().kill;
  return section(
    said.known,
    'record-section',
    el(
      'p',
      { class: 'muted' },
      reportWords(kill, report, ofFile),
      kill.seq === undefined ? '' : said.record(words().formats.count(kill.seq)),
    ),
    report !== undefined &&
      folded(said.lines, shownLines(report, words().explanation), 'as-printed'),
    folded(said.json, JSON.stringify(kill, null, 2).split('\n')),
  );
}

function reportWords(kill: Kill, report: RawReport | undefined, ofFile: boolean): string {
  const said = words().kill;
  if (kill.victim === undefined) return said.onlyCounter;
  if (report === undefined) {
    if (kill.witnessed && kill.seq === undefined) return said.onlyWitness;
    return ofFile ? said.tooMany : said.notKept;
  }
  if (report.lines.length === 1) {
    if (kill.witnessed) return said.lineAndWitness;
    return kill.missing === 'withheld' ? said.withheld : said.oneLine;
  }
  return `${kill.complete ? said.whole : said.partly}${ofFile ? '' : said.unread}`;
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
