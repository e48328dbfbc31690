import { byId } from './dom.js';
import { words } from './language/language.js';

/** A report that a reader pastes, anywhere on the page or into the box that the button opens. */
export function onPaste(take: (file: File) => void): void {
  const box = byId<HTMLDialogElement>('paste');
  const text = byId<HTMLTextAreaElement>('paste-text');
  byId('open-paste').addEventListener('click', () => {
    text.value = '';
    box.showModal();
  });
  byId('close-paste').addEventListener('click', () => box.close());
  byId('explain-paste').addEventListener('click', () => {
    if (text.value.trim() === '') return text.focus();
    box.close();
    take(fileOf(text.value));
  });
  document.addEventListener('paste', ({ target, clipboardData }) => {
    if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) return;
    const file = clipboardData?.files[0];
    const pasted = clipboardData?.getData('text/plain') ?? '';
    if (file !== undefined) take(file);
    else if (pasted.trim() !== '') take(fileOf(pasted));
  });
}

function fileOf(text: string): File {
  return new File([text], words().file.pasted, { type: 'text/plain' });
}
