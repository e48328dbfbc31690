// Only what an object of clang's BPF target needs: sections, symbols and relocations of 64-bit little-endian ELF.

const SHT_SYMTAB = 2;
const SHT_REL = 9;
const sectionBytes = 64;
const symbolBytes = 24;
const relocationBytes = 16;

export interface Section {
  name: string;
  type: number;
  bytes: Buffer;
  /** Of a table of relocations: the section that they are for. */
  info: number;
}

export interface Symbol {
  name: string;
  section: number;
  value: number;
}

export interface Relocation {
  offset: number;
  symbol: Symbol;
}

export interface Elf {
  sections: Section[];
  /** By the section that they are for. */
  relocations: Map<Section, Relocation[]>;
}

export function readElf(file: Buffer): Elf {
  const tableOffset = Number(file.readBigUInt64LE(0x28));
  const count = file.readUInt16LE(0x3c);
  const headers = Array.from({ length: count }, (_, index) => {
    const at = tableOffset + index * sectionBytes;
    const type = file.readUInt32LE(at + 4);
    const offset = Number(file.readBigUInt64LE(at + 24));
    const size = Number(file.readBigUInt64LE(at + 32));
    const bytes = file.subarray(offset, offset + size);
    return { nameAt: file.readUInt32LE(at), type, bytes, info: file.readUInt32LE(at + 44) };
  });
  const strings = headers[file.readUInt16LE(0x3e)]!.bytes;
  const sections = headers.map(({ nameAt, ...rest }) => ({ name: text(strings, nameAt), ...rest }));

  const table = sections.find(({ type }) => type === SHT_SYMTAB)!.bytes;
  const symbols = records(table, symbolBytes).map((symbol) => ({
    name: text(strings, symbol.readUInt32LE(0)),
    section: symbol.readUInt16LE(6),
    value: Number(symbol.readBigUInt64LE(8)),
  }));
  const relocations = new Map(
    sections
      .filter(({ type }) => type === SHT_REL)
      .map(({ info, bytes }) => [
        sections[info]!,
        records(bytes, relocationBytes).map((relocation) => ({
          offset: Number(relocation.readBigUInt64LE(0)),
          symbol: symbols[relocation.readUInt32LE(12)]!,
        })),
      ]),
  );
  return { sections, relocations };
}

function records(table: Buffer, bytes: number): Buffer[] {
  return Array.from({ length: table.length / bytes }, (_, index) =>
    table.subarray(index * bytes, (index + 1) * bytes),
  );
}

function text(strings: Buffer, at: number): string {
  return strings.toString('latin1', at, strings.indexOf(0, at));
}
