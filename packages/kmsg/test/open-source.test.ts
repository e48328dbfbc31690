import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { needs, writableKernelLog } from '../../../test/support/needs.ts';
import { loadAddon } from '../src/addon.js';
import { type OpenSourceOptions, openSource, readBootId } from '../src/index.js';
import { keepAll } from './support/records.js';

afterEach(() => vi.unstubAllEnvs());

const noAddon = loadAddon().reason;

function failingRequire(message: string, code?: string): () => never {
  return () => {
    throw Object.assign(new Error(message), { code });
  };
}

describe('why there is no addon', () => {
  it.each([
    ["Cannot find module '@oomwatcher/native'", 'MODULE_NOT_FOUND', 'native is not installed'],
    ['the addon is not built for linux-arm with musl', 'ERR_NOT_BUILT', 'linux-arm with musl'],
    ["/lib/libc.so.6: version `GLIBC_2.99' not found\nmore", 'ERR_DLOPEN_FAILED', 'does not load'],
    ['Module did not self-register', 'ERR_DLOPEN_FAILED', 'does not load'],
  ])('%s (%s): %s', (message, code, expected) => {
    const { addon, reason } = loadAddon(failingRequire(message, code));
    expect(addon).toBeUndefined();
    expect(reason).toContain(expected);
    expect(reason).not.toContain('\n');
  });

  it('a fault of loading is not called missing', () => {
    const reason = loadAddon(failingRequire('GLIBC_2.99', 'ERR_DLOPEN_FAILED')).reason;
    expect(reason).toContain('GLIBC_2.99');
    expect(reason).not.toContain('not built');
  });
});

it('an addon that npm left out for an old Node is told so', () => {
  const { node } = process.versions;
  onTestFinished(() => void Object.defineProperty(process.versions, 'node', { value: node }));
  Object.defineProperty(process.versions, 'node', { value: '20.20.2' });
  const { reason } = loadAddon(failingRequire('Cannot find module', 'MODULE_NOT_FOUND'));
  expect(reason).toMatch(/not installed .*: it needs Node 22\.19 or newer, and this is 20\.20\.2$/);
});

needs(writableKernelLog).describe('choosing a source', () => {
  function kindAndReason(options: Partial<OpenSourceOptions> = {}) {
    const { source, reason } = openSource({ keep: keepAll, ...options });
    source.close();
    return { kind: source.kind, reason };
  }

  it('takes native where its addon loads, else portable, and says why', () => {
    expect(kindAndReason()).toEqual(
      noAddon === undefined
        ? { kind: 'native', reason: expect.stringMatching(/^native addon/) }
        : { kind: 'portable', reason: `portable: ${noAddon}` },
    );
  });

  it('OOMWATCHER_SOURCE decides where nothing else was asked for', () => {
    vi.stubEnv('OOMWATCHER_SOURCE', 'portable');
    expect(kindAndReason().kind).toBe('portable');
  });

  it('an explicit choice goes before the environment', () => {
    vi.stubEnv('OOMWATCHER_SOURCE', 'nonsense');
    expect(kindAndReason({ source: 'portable' }).kind).toBe('portable');
  });

  it('a misspelt OOMWATCHER_SOURCE is an error and not a silent choice', () => {
    vi.stubEnv('OOMWATCHER_SOURCE', 'potable');
    expect(() => kindAndReason()).toThrow(/potable.*native or portable/);
  });

  it('native that was asked for is native or an error, never portable', () => {
    const open = () => kindAndReason({ source: 'native' }).kind;
    if (noAddon === undefined) expect(open()).toBe('native');
    else expect(open).toThrow(expect.objectContaining({ code: 'ERR_NO_ADDON' }));
  });
});

describe('the boot id', () => {
  it('is the same at every reading and has no newline', () => {
    expect(readBootId()).toMatch(/^[0-9a-f-]{36}$/);
    expect(readBootId()).toBe(readBootId());
  });
});
