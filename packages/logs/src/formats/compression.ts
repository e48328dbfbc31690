/** xz and bzip2 are known only so that nobody takes them for a log without kills: Node.js does not undo them. */
export type Compression = 'gzip' | 'zstd' | 'xz' | 'bzip2';

/** The compression that a file's first bytes (four are enough) announce; undefined: none of these. */
export function compressionOf(firstBytes: Uint8Array): Compression | undefined {
  const [a, b, c, d] = firstBytes;
  if (a === 0x1f && b === 0x8b) return 'gzip';
  if (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) return 'zstd';
  // A skippable frame, with which pzstd begins every file.
  if ((a! & 0xf0) === 0x50 && b === 0x2a && c === 0x4d && d === 0x18) return 'zstd';
  if (a === 0xfd && b === 0x37 && c === 0x7a && d === 0x58) return 'xz';
  if (a === 0x42 && b === 0x5a && c === 0x68 && d! >= 0x31 && d! <= 0x39) return 'bzip2';
  return undefined;
}
