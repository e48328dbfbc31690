import { byId } from './dom.js';

/**
 * A log file that a reader chooses or drops on the page.
 *
 * @param press what the button does instead of asking for a file; undefined: it asks
 */
export function onFile(take: (file: File) => void, press: () => (() => void) | undefined): void {
  const input = byId<HTMLInputElement>('file');
  byId('open-file').addEventListener('click', () => {
    const instead = press();
    if (instead === undefined) input.click();
    else instead();
  });
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    input.value = '';
    if (file !== undefined) take(file);
  });
  const drop = byId('drop');
  document.addEventListener('dragover', (event) => {
    event.preventDefault();
    drop.hidden = false;
  });
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) drop.hidden = true;
  });
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    drop.hidden = true;
    const file = event.dataTransfer?.files[0];
    if (file !== undefined) take(file);
  });
}
