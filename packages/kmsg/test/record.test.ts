import { describe, expect, it } from 'vitest';
import { decodeLine, openReplay, unescapeText } from '../src/index.js';
import { bytes, keepAll } from './support/records.js';

async function lineOf(record: string) {
  const batch = await openReplay(bytes(record), { keep: keepAll }).next();
  return decodeLine(batch!.memory, 0);
}

describe('escapes', () => {
  it.each([
    ['\\x0a', '\n'],
    ['\\x5cx2d', '\\x2d'],
    ['\\xe6\\x97\\xa5', '\xe6\x97\xa5'],
    ['a\\x20b\\x20c', 'a b c'],
    ['plain', 'plain'],
    ['', ''],
  ])('%s is decoded exactly once', (escaped, text) => {
    expect(unescapeText(escaped)).toBe(text);
  });

  it.each(['\\', '\\x', '\\x0', 'a\\x01\\x', '\\xZZ', '\\x0G', '\\n'])(
    'what is no whole escape stays: %s',
    (text) => {
      expect(unescapeText(text)).toBe(text.replace('\\x01', '\x01'));
    },
  );
});

describe('a line', () => {
  it('has the fields of its record', async () => {
    expect(await lineOf('6,1234,5678,c,caller=T123,foo=bar;a\\x0ab;c\n SUBSYSTEM=x\n')).toEqual({
      seq: 1234n,
      timestampUs: 5678,
      priority: 6,
      flag: 'c',
      caller: 'T123',
      text: 'a\nb;c',
    });
  });

  it('has no caller that only its text claims', async () => {
    expect(await lineOf('6,1,2,-;x,caller=T1\n')).not.toHaveProperty('caller');
  });

  it('has no flag where the prefix has none', async () => {
    expect(await lineOf('6,1,2,,caller=C0;x\n')).toEqual({
      seq: 1n,
      timestampUs: 2,
      priority: 6,
      caller: 'C0',
      text: 'x',
    });
  });
});
