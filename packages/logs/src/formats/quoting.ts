import { wordsAt } from './kernel-words.js';
import { ungluedLines } from './unglue.js';

/** Undoing what a document does to a line that it quotes. Strings are latin1, one character a byte. */

const entities: Record<string, string> = {
  quot: '"',
  amp: '&',
  lt: '<',
  gt: '>',
  apos: "'",
  nbsp: ' ',
};
const entity = /&(?:#(\d{1,6})|#x([0-9a-f]{1,5})|([a-z]{2,6}));/gi;
const markup =
  /<\/?(?:a|b|blockquote|body|br|code|div|em|font|h[1-6]|head|html|i|kbd|li|ol|p|pre|samp|section|span|strong|table|tbody|td|th|title|tr|tt|u|ul)\b[^<>]*>/gi;
/** Where a page begins another line. */
const lineMarkup = /<br ?\/?>|<\/(?:p|div|li|tr|pre)>/gi;
const cellMarkup = /<\/t[dh]>/gi;
const looksLikeHtml =
  /&(?:quot|amp|lt|gt|apos|nbsp|#\d+|#x[0-9a-f]+);|<\/?(?:a|br|pre|code|div|li|span|td|tr|p)\b[^<>]*>/i;

/** A page, or a piece of one that has its escapes. */
export function isPage(sample: string): boolean {
  return /<(?:html|pre|br)\b[^<>]*>/i.test(sample) && /&(?:quot|amp|lt|gt|nbsp);/.test(sample);
}

/** A line that is an element of its own. */
const element = /^\s*<([A-Za-z][\w:.-]*)(?: [^<>]*)?>([\s\S]*)<\/\1>\s*$/;

export function withoutHtml(whole: string): string {
  const text = element.exec(whole)?.[2] ?? whole;
  if (!looksLikeHtml.test(text)) return text;
  const plain = text
    .replace(lineMarkup, '\n')
    .replace(cellMarkup, ' ')
    .replace(markup, '')
    .replace(/^\n+|\n+$/g, '');
  return plain.replace(entity, (coded, decimal, hex, name) => {
    if (name !== undefined) return entities[name.toLowerCase()] ?? coded;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    if (code === 0xa0) return ' ';
    return code <= 0x10ffff ? utf8(code) : coded;
  });
}

function utf8(code: number): string {
  if (code < 0x80) return String.fromCharCode(code);
  return Array.from(new TextEncoder().encode(String.fromCodePoint(code)), (byte) =>
    String.fromCharCode(byte),
  ).join('');
}

/** What a mail puts before a line that it quotes. */
const quoteMarks = /^[>|\s]+/;

export function withoutQuote(text: string): string {
  return text.replace(quoteMarks, '');
}

/** A string within a line: where its content begins and ends, and the content with its escapes undone. */
export interface Quoted {
  start: number;
  end: number;
  content: string;
}

/** How strings are written: `"` or `'` within is doubled (CSV), or escaped by a backslash (JSON, logfmt, Go, Python). */
export function quotedAround(text: string, at: number): Quoted | undefined {
  let open = -1;
  let quote = '';
  for (let i = 0; i < at; i++) {
    const char = text[i]!;
    if (open >= 0 && char === '\\') i++;
    else if (open >= 0 && char === quote) open = -1;
    else if (open < 0 && opensString(text, i)) {
      open = i + 1;
      quote = char;
    }
  }
  if (open < 0) return undefined;
  return upToQuote(text, open, quote);
}

/** An apostrophe within a word is none. */
function opensString(text: string, at: number): boolean {
  const char = text[at];
  if (char === '"') return true;
  return char === "'" && (at === 0 || /[\s=:,[({]/.test(text[at - 1]!));
}

function upToQuote(text: string, start: number, quote: string): Quoted {
  let content = '';
  let at = start;
  for (; at < text.length; at++) {
    const char = text[at]!;
    if (char === '\\' && at + 1 < text.length) {
      const [decoded, length] = unescaped(text, at);
      content += decoded;
      at += length - 1;
    } else if (char !== quote) {
      content += char;
    } else if (text[at + 1] === quote && quote === '"') {
      content += quote;
      at++;
    } else {
      break;
    }
  }
  return { start, end: at, content };
}

const simple: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** What an escape stands for, and how long it is. One that JSON does not know stays: `\x2d` is in units' names. */
function unescaped(text: string, at: number): [string, number] {
  const next = text[at + 1]!;
  if (simple[next] !== undefined) return [simple[next], 2];
  if (next === '"' || next === '\\' || next === '/' || next === "'") return [next, 2];
  const unit = next === 'u' ? /^[0-9a-fA-F]{4}/.exec(text.slice(at + 2, at + 6)) : null;
  if (unit === null) return ['\\', 1];
  return [utf8(Number.parseInt(unit[0], 16)), 6];
}

/** Newlines that a line's writer spelled: rsyslog, and whoever wrote `\n` into a field. */
const spelled = /#012|\\r?\\n|\\n/g;

/**
 * A text that is several lines of the kernel, put together by whoever forwarded it. A line whose own text has a newline
 * (in a name; in the statistics that kernels 5.3 to 6.4 print) is left as it is.
 */
export function linesWithin(field: string): string[] {
  const text = field.replace(/[\r\n]+$/, '');
  const plain = text.split(/\r*\n/);
  if (severalLines(plain)) return plain;
  const lines = text.split(spelled);
  if (severalLines(lines)) return lines;
  return plain.length === 1 ? ungluedLines(text) : [text];
}

function severalLines(lines: readonly string[]): boolean {
  return lines.length > 1 && lines.slice(1).some((line) => wordsAt(line) >= 0);
}
