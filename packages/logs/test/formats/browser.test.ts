import { readdirSync, readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { fixture } from './support/read.js';

const folder = new URL('../../src/formats/', import.meta.url);

it('nothing that only Node has is imported', () => {
  for (const file of readdirSync(folder)) {
    const source = readFileSync(new URL(file, folder), 'utf8');
    expect(source).not.toMatch(/from 'node:/);
  }
});

it('reads the same without a Buffer', async () => {
  const log = new Uint8Array(fixture('6.18-hostile-name.kmsg'));
  const read = async () => {
    vi.resetModules();
    const { LogReader } = await import('../../src/formats/log-reader.js');
    const reader = new LogReader();
    return [...reader.push(log), ...reader.end()];
  };
  const withBuffer = await read();
  vi.stubGlobal('Buffer', undefined);
  const without = await read();
  vi.unstubAllGlobals();
  expect(without).toEqual(withBuffer);
});
