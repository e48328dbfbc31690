import { el } from './dom.js';
import { words } from './language/language.js';

/** Why no kill is listed. */
export type Empty = 'no-match' | 'no-kill-in-file' | 'reading' | 'no-kill-yet';

/** What stands in the place of the list. */
export function emptyList(why: Empty, showAll: () => void): Node[] {
  const title = (text: string) => el('p', { class: 'empty-title' }, text);
  const said = words().list;
  switch (why) {
    case 'no-match':
      return [
        title(said.noMatch),
        el(
          'button',
          { class: 'quiet', attributes: { type: 'button' }, on: { click: showAll } },
          said.showAll,
        ),
      ];
    case 'no-kill-in-file':
      return [title(said.noneInFile), el('p', {}, said.readToEnd)];
    case 'reading':
      return [title(words().head.reading)];
    case 'no-kill-yet':
      return [
        title(said.noneYet),
        el('p', {}, said.whenOneComes),
        el('pre', { attributes: { tabindex: 0 } }, 'sudo oomwatcher demo'),
        el('p', { class: 'muted' }, said.orDrop),
      ];
  }
}
