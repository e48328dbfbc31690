import { expect, test } from 'vitest';
import { hashOf, openKillOf, type View, viewFromQuery, viewToQuery } from '../src/page/address.js';

test.each<View>([
  { range: { kind: 'all' }, equals: {}, search: '' },
  { range: { kind: 'last', ms: 86_400_000 }, equals: {}, search: 'web & co = 1' },
  {
    range: { kind: 'span', fromMs: 1_700_000_000_000, toMs: 1_700_000_060_000 },
    equals: { namespace: 'shop', pod: 'a/b?c#d' },
    search: '漢字',
    language: 'zh',
  },
])('what is shown comes back from its address: %j', (view) => {
  expect(viewFromQuery(viewToQuery(view))).toEqual(view);
});

test('an address that means nothing shows all', () => {
  const all = { range: { kind: 'all' }, equals: {}, search: '' };
  for (const query of [
    '',
    '?range=9y',
    '?from=2026-01-02&to=2026-01-01',
    '?__proto__=x&row=7',
    '?lang=tlh',
    '?lang=__proto__',
  ]) {
    expect(viewFromQuery(query), query).toEqual(all);
  }
});

test('a file’s kill is never taken for one of the node', () => {
  const ofFile = { row: 3, file: 'kill/7 of #node%.log' };
  expect(openKillOf(hashOf(ofFile))).toEqual(ofFile);
  expect(openKillOf(hashOf({ row: 3 }))).toEqual({ row: 3 });
  for (const hash of ['', '#kill/', '#kill/x', '#file/a/b/kill/3', '#/kill/3', '#kill/3/4']) {
    expect(openKillOf(hash), hash).toBeUndefined();
  }
  expect(openKillOf('#file/%ff/kill/3')).toEqual({ row: 3, file: '%ff' });
});
