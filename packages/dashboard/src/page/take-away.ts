import { copyText } from './clipboard.js';
import { byId } from './dom.js';
import { showNote } from './head.js';
import { words } from './language/language.js';
import { type SavedAs, savedWords, saveKills } from './save.js';
import { type ShownKills, shownKills } from './shown-kills.js';

/** One kill as Markdown, to the clipboard. */
export async function copyKill(markdown: string): Promise<void> {
  const isCopied = await copyText(markdown);
  showNote(isCopied ? 'The kill is copied as Markdown.' : 'The browser did not let the page copy.');
}

/** The buttons that save what is shown when they are pressed, whatever comes meanwhile. */
export function onSave(shown: () => ShownKills): void {
  const buttons = (['json', 'csv'] as const).map((as) => {
    const button = byId<HTMLButtonElement>(`save-${as}`);
    button.addEventListener('click', () => save(shown(), as, buttons));
    return button;
  });
}

async function save(
  shown: ShownKills,
  as: SavedAs,
  buttons: readonly HTMLButtonElement[],
): Promise<void> {
  const all = shown.slots.length;
  for (const button of buttons) button.disabled = true;
  try {
    const saved = await saveKills(shownKills(shown), as, (soFar) =>
      showNote(words().takeAway.reading(soFar, all)),
    );
    showNote(savedWords(saved, all));
  } catch (error) {
    showNote(words().takeAway.notSaved((error as Error).message));
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}
