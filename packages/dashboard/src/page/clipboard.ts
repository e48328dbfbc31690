import { el } from './dom.js';

/** Whether it is there now. A page by plain HTTP of another host has no clipboard of its own, only the command of old. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text);
  }
}

function copySelected(text: string): boolean {
  const focused = document.activeElement;
  // What is out of sight has no blanks in a row, unless it is said.
  const style = { 'white-space': 'pre' };
  const area = el('textarea', { class: 'hidden', attributes: { readonly: true }, style });
  area.value = text;
  document.body.append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  return copied;
}
