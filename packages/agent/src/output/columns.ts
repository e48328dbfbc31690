import { cellsOf, cellsOfCharacter } from '@oomwatcher/explain';

/** The text in exactly so many cells: filled up, or cut with a mark. */
export function fitted(text: string, cells: number): string {
  const cut = cutTo(text, cells);
  return cut + ' '.repeat(Math.max(0, cells - cellsOf(cut)));
}

/** The text in at most so many cells. */
export function cutTo(text: string, cells: number): string {
  if (cellsOf(text) <= cells) return text;
  let kept = '';
  let used = 1;
  for (const character of text) {
    used += cellsOfCharacter(character);
    if (used > cells) break;
    kept += character;
  }
  return cells < 1 ? '' : `${kept}…`;
}

/** The same, of a path, whose end says most. */
export function cutBefore(text: string, cells: number): string {
  if (cellsOf(text) <= cells) return text;
  let kept = '';
  let used = 1;
  for (const character of [...text].reverse()) {
    used += cellsOfCharacter(character);
    if (used > cells) break;
    kept = character + kept;
  }
  return cells < 1 ? '' : `…${kept}`;
}
