/**
 * Characters that make a terminal, a log viewer or a reader see something else than what is there: controls (escape
 * sequences, newlines, C1), formats (bidirectional overrides, zero widths), line and paragraph separators, lone
 * surrogates, private use and unassigned. Process and cgroup names are chosen by whoever was killed.
 */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;
/** What most texts are; to know all characters of Unicode takes 3 ms at the first use. */
const plain = /^[ -~]*$/;

/** The text with every unprintable character as a visible escape, for people's output. */
export function printable(text: string): string {
  if (plain.test(text)) return text;
  return text.replace(unprintable, (character) => {
    const code = character.codePointAt(0) as number;
    return code < 0x100 ? `\\x${hex(code, 2)}` : `\\u{${hex(code, 4)}}`;
  });
}

/** One line of JSON whose every unprintable character is a `\u` escape: equal to any parser, harmless on a terminal. */
export function jsonLine(value: unknown): string {
  return printableJson(JSON.stringify(value));
}

/** The same of what is JSON already. */
export function printableJson(json: string): string {
  if (plain.test(json)) return json;
  return json.replace(unprintable, (character) =>
    Array.from(
      { length: character.length },
      (_, i) => `\\u${hex(character.charCodeAt(i), 4)}`,
    ).join(''),
  );
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
