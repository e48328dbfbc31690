/** The form that a prefix has on every line of a report: what differs from line to line may be anything of its kind. */

const part =
  /@[0-9a-f]{16,24}|[0-9a-f]{12,}| *(?:\d+)| *\b(?:kern|user|daemon|emerg|alert|crit|err|error|warn|warning|notice|info|debug|trace)\b|(?<![a-z])[a-z](?![a-z])|[\s\S]/gi;
/** The letter of a level, or of a stream: `E`, `O`. */
const letter = /^[A-Z]$/;
const special = /[\\^$.*+?()[\]{}|/]/;

/** The source of an expression that matches every prefix of this form. */
export function formOf(prefix: string): string {
  return prefix.replace(part, (piece) => {
    if (piece.startsWith('@') && piece.length > 1) return '@[0-9a-f]+';
    if (/^ *\d+$/.test(piece)) return ' *\\d+';
    if (/^[0-9a-f]{12,}$/.test(piece)) return '[0-9a-f]+';
    if (letter.test(piece)) return '[A-Z]';
    if (piece.length > 1) return ' *[A-Za-z]+';
    return special.test(piece) ? `\\${piece}` : piece;
  });
}
