import { quotedAround } from './quoting.js';

/** A field that begins as a line of the kernel's log does. */
const guestField = /="(?=\[ *\d{1,10}\.\d{6}\] )/;
/** A line of the kernel's log as a whole is a program's text: it passes on a console, or the log that it reads. */
const guestLine = /^(?:kernel: )?(?=\[ *\d{1,10}\.\d{6}\] )/;

/** A line of the kernel's log in another program's line, whole or in a field; undefined: it has none. */
export function guestText(text: string): string | undefined {
  const line = guestLine.exec(text);
  if (line !== null) return text.slice(line[0].length);
  const field = guestField.exec(text);
  if (field === null) return undefined;
  return quotedAround(text, field.index + field[0].length)?.content;
}
