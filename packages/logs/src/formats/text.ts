import { decodeDmesgEscapes, decodeSyslogEscapes } from './escapes.js';
import { isWhole } from './kernel-words.js';

/** Blanks, form feeds, NUL, a page's separators, a closing quotation mark, RTF's end of a paragraph. */
const trailing = /(?:[ \t\r\f\0]|\xc2\xa0|\xe2\x80[\xa8\xa9\x9d]|\\par)+$/;
const row = /^\[ *\d+\](?: +-?\d+){6,11} ([\s\S]*)$/;
const longestName = 15;

/** The kernel's text of a line: what terminals, editors and pages add at its end is not the kernel's. */
export function textOf(text: string, form: 'exact' | 'bare' | 'unknown'): string {
  const decoded =
    form === 'exact'
      ? text
      : form === 'bare'
        ? decodeDmesgEscapes(text)
        : decodeSyslogEscapes(text);
  // A row of the task table may end with a name that is empty or ends with blanks.
  if (!trailing.test(decoded)) return decoded;
  const trimmed = decoded.replace(trailing, '');
  const name = row.exec(decoded)?.[1];
  if (name !== undefined) return name.length > longestName ? trimmed : decoded;
  return isWhole(trimmed) && !isWhole(decoded) ? trimmed : decoded;
}
