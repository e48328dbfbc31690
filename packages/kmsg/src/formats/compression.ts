/** The compression that a file's first bytes (four are enough) announce; undefined: none of these. */
export function compressionOf(firstBytes: Uint8Array): 'gzip' | 'zstd' | undefined {
  const [a, b, c, d] = firstBytes;
  if (a === 0x1f && b === 0x8b) return 'gzip';
  if (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) return 'zstd';
  // A skippable frame, with which pzstd begins every file.
  if ((a! & 0xf0) === 0x50 && b === 0x2a && c === 0x4d && d === 0x18) return 'zstd';
  return undefined;
}
