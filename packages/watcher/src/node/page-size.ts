import { readFileSync } from 'node:fs';
import { endianness } from 'node:os';

const atPageSize = 6;
const fallbackKiB = 4;

/** Architectures of Node.js whose words have four bytes. */
const of32Bit: ReadonlySet<string> = new Set(['arm', 'ia32', 'mips', 'mipsel', 'ppc']);

/**
 * The kernel's page size in KiB, from the auxiliary vector (AT_PAGESZ, elf.h). Task tables count in pages, and arm64
 * kernels with 64 KiB pages are in production: 4096 must not be assumed.
 */
export function pageSizeKiB(): number {
  try {
    return pageSizeIn(readFileSync('/proc/self/auxv'), process.arch) ?? fallbackKiB;
  } catch {
    return fallbackKiB;
  }
}

/** Entries are two words of the process's own size. */
export function pageSizeIn(
  auxv: Buffer,
  arch: string,
  littleEndian = endianness() === 'LE',
): number | undefined {
  const view = new DataView(auxv.buffer, auxv.byteOffset, auxv.byteLength);
  const wordBytes = of32Bit.has(arch) ? 4 : 8;
  const word = (at: number) =>
    wordBytes === 4
      ? view.getUint32(at, littleEndian)
      : Number(view.getBigUint64(at, littleEndian));
  for (let at = 0; at + 2 * wordBytes <= view.byteLength; at += 2 * wordBytes) {
    if (word(at) === atPageSize) return word(at + wordBytes) / 1024;
  }
  return undefined;
}
