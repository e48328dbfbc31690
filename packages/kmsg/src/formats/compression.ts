/** The compression that a file's first bytes (four are enough) announce; undefined: none of these. */
export function compressionOf(firstBytes: Uint8Array): 'gzip' | 'zstd' | undefined {
  const [a, b, c, d] = firstBytes;
  if (a === 0x1f && b === 0x8b) return 'gzip';
  if (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) return 'zstd';
  return undefined;
}
