import { byId } from './dom.js';

const searchMs = 120;

/** What is searched for, when it has been typed. `/` anywhere on the page goes there. */
export function onSearch(take: (words: string) => void): void {
  const box = byId<HTMLInputElement>('search');
  let typing: ReturnType<typeof setTimeout> | undefined;
  box.addEventListener('input', () => {
    clearTimeout(typing);
    typing = setTimeout(() => take(box.value), searchMs);
  });
  document.addEventListener('keydown', (event) => {
    const { key, target } = event;
    const isTyping = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
    if (key !== '/' || isTyping || byId<HTMLDialogElement>('paste').open) return;
    event.preventDefault();
    box.focus();
  });
}
