import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { pageSizeIn, pageSizeKiB } from '../../src/node/page-size.js';

test('pages are as big as this kernel makes them, not 4096 bytes by habit', () => {
  const bytes = Number(execFileSync('getconf', ['PAGESIZE'], { encoding: 'utf8' }));
  expect(pageSizeKiB()).toBe(bytes / 1024);
});

/** AT_SYSINFO_EHDR and AT_HWCAP come before AT_PAGESZ, AT_NULL is the end (fs/binfmt_elf.c). */
const entries = [33, 0xbee0_0000, 16, 6, 6, 65_536, 17, 100, 0, 0];

test.each(['arm', 'ia32', 'mips'])('a vector of 32-bit words is read as one: %s', (arch) => {
  const auxv = Buffer.alloc(entries.length * 4);
  entries.forEach((value, index) => {
    auxv.writeUInt32LE(value, index * 4);
  });
  expect(pageSizeIn(auxv, arch, true)).toBe(64);
});

test.each([true, false])('a vector of 64-bit words, little endian: %s', (littleEndian) => {
  const auxv = Buffer.alloc(entries.length * 8);
  entries.forEach((value, index) => {
    if (littleEndian) auxv.writeBigUInt64LE(BigInt(value), index * 8);
    else auxv.writeBigUInt64BE(BigInt(value), index * 8);
  });
  expect(pageSizeIn(auxv, 'arm64', littleEndian)).toBe(64);
});

test('a vector without a page size, or that is cut, says nothing', () => {
  expect(pageSizeIn(Buffer.alloc(16), 'x64')).toBeUndefined();
  expect(pageSizeIn(Buffer.alloc(3), 'arm')).toBeUndefined();
});
