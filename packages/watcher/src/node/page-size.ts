import { readFileSync } from 'node:fs';
import { endianness } from 'node:os';

const atPageSize = 6n;
const fallbackKiB = 4;

/**
 * The kernel's page size in KiB, from the auxiliary vector (AT_PAGESZ, elf.h). Task tables count in pages, and arm64
 * kernels with 64 KiB pages are in production: 4096 must not be assumed.
 */
export function pageSizeKiB(): number {
  let auxv: Buffer;
  try {
    auxv = readFileSync('/proc/self/auxv');
  } catch {
    return fallbackKiB;
  }
  const view = new DataView(auxv.buffer, auxv.byteOffset, auxv.byteLength);
  const littleEndian = endianness() === 'LE';
  for (let at = 0; at + 16 <= view.byteLength; at += 16) {
    if (view.getBigUint64(at, littleEndian) === atPageSize) {
      return Number(view.getBigUint64(at + 8, littleEndian)) / 1024;
    }
  }
  return fallbackKiB;
}
