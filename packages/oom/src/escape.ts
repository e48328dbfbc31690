const escaped = /\\x([0-9a-f]{2})/g;

/**
 * Decodes the kernel's `\xNN` exactly once, to latin1: one character a byte. A unit called `a\x2db` is in the log as
 * `a\x5cx2db` and comes out as itself. What is no whole escape stays as it is: the kernel cuts a long record anywhere,
 * also within one.
 */
export function unescapeText(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(escaped, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
