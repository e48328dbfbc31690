/**
 * A name as a Kill has it: UTF-8, and `\xNN` for a byte that is not. Deliberately not the agent's own decoder: a check
 * that shared it would agree with its faults.
 */
export function decodeName(bytes: Uint8Array): string {
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let name = '';
  for (let at = 0; at < bytes.length; ) {
    const length = [1, 2, 3, 4].find((size) => {
      try {
        return at + size <= bytes.length && utf8.decode(bytes.subarray(at, at + size)).length > 0;
      } catch {
        return false;
      }
    });
    if (length === undefined) name += `\\x${bytes[at]!.toString(16).padStart(2, '0')}`;
    else name += utf8.decode(bytes.subarray(at, at + length));
    at += length ?? 1;
  }
  return name;
}
