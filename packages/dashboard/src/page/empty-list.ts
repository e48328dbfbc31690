import { el } from './dom.js';

/** Why no kill is listed. */
export type Empty = 'no-match' | 'no-kill-in-file' | 'reading' | 'no-kill-yet';

/** What stands in the place of the list. */
export function emptyList(why: Empty, showAll: () => void): Node[] {
  const title = (text: string) => el('p', { class: 'empty-title' }, text);
  switch (why) {
    case 'no-match':
      return [
        title('No kill matches.'),
        el(
          'button',
          { class: 'quiet', attributes: { type: 'button' }, on: { click: showAll } },
          'Show all kills',
        ),
      ];
    case 'no-kill-in-file':
      return [
        title('No kill in this file.'),
        el('p', {}, 'The log was read to its end and the OOM killer is not in it.'),
      ];
    case 'reading':
      return [title('Reading the journal…')];
    case 'no-kill-yet':
      return [
        title('No kill yet.'),
        el(
          'p',
          {},
          'When the kernel kills a process because memory has run out, it appears here within a second: who, whose limit it was, and how much was used. Try it, safely, with one real kill in a cgroup of its own:',
        ),
        el('pre', { attributes: { tabindex: 0 } }, 'sudo oomwatcher demo'),
        el(
          'p',
          { class: 'muted' },
          'Or drop a kernel log on this page: dmesg, journalctl -k or syslog.',
        ),
      ];
  }
}
