const notAscii = /[\x80-\xff]/;

/**
 * The bytes of a process or cgroup name (one character a byte) as text: UTF-8 where they are UTF-8, every other byte as
 * `\xNN`. The kernel cuts a process name at 15 bytes, so half a character at the end is ordinary.
 */
export function decodeName(latin1: string): string {
  if (!notAscii.test(latin1)) return latin1;
  let text = '';
  for (let at = 0; at < latin1.length; ) {
    const length = sequenceLength(latin1, at);
    if (length === 0) {
      text += `\\x${latin1.charCodeAt(at).toString(16).padStart(2, '0')}`;
      at += 1;
    } else {
      text += String.fromCodePoint(codePoint(latin1, at, length));
      at += length;
    }
  }
  return text;
}

/** Length of the well-formed UTF-8 sequence at `at` (The Unicode Standard, table 3-7); 0 where there is none. */
function sequenceLength(bytes: string, at: number): number {
  const first = bytes.charCodeAt(at);
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  const lowest = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const highest = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  const second = bytes.charCodeAt(at + 1);
  if (!(second >= lowest && second <= highest)) return 0;
  for (let i = 2; i < length; i++) {
    if ((bytes.charCodeAt(at + i) & 0xc0) !== 0x80 || at + i >= bytes.length) return 0;
  }
  return length;
}

function codePoint(bytes: string, at: number, length: number): number {
  const first = bytes.charCodeAt(at);
  if (length === 1) return first;
  let code = first & (0x7f >> length);
  for (let i = 1; i < length; i++) code = (code << 6) | (bytes.charCodeAt(at + i) & 0x3f);
  return code;
}
