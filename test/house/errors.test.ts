import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { troubleOf } from '../../packages/journal/src/trouble.ts';
import { deviceError, openingError, readingError } from '../../packages/kmsg/src/errors.ts';
import { root } from '../support/paths.ts';

const page = readFileSync(join(root, 'docs/errors.md'), 'utf8');

/** Codes of Node.js that the sources ask for and never throw. */
const ofNode = new Set(['ERR_SQLITE_ERROR', 'ERR_HTTP_REQUEST_TIMEOUT']);

it('every code that the sources throw is on the page, and no other', () => {
  const sources = globSync(['packages/*/src/**/*.ts', 'native/src/**/*.cc'], { cwd: root });
  const thrown = sources.flatMap((path) =>
    [...readFileSync(join(root, path), 'utf8').matchAll(/['"](ERR_[A-Z_]+)['"]/g)].map(
      ([, code]) => code as string,
    ),
  );
  const listed = [...page.matchAll(/^\|[^|]*\|/gm)].flatMap(
    ([cell]) => cell.match(/ERR_[A-Z_]+/g) ?? [],
  );
  expect([...new Set(listed)].sort()).toEqual(
    [...new Set(thrown)].filter((code) => !ofNode.has(code)).sort(),
  );
});

it('every error of the libraries has a code', () => {
  const classes = globSync('packages/*/src/**/*.ts', { cwd: root }).flatMap((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    return [...text.matchAll(/^export class (\w+) extends Error \{([\s\S]*?)^\}/gm)].map(
      ([, name, body]) => ({ name, hasCode: /^ {2}readonly code\b/m.test(body ?? '') }),
    );
  });
  expect(classes.length).toBeGreaterThan(4);
  expect(classes.filter(({ hasCode }) => !hasCode)).toEqual([]);
});

describe('the remedy on the page is the one that is given', () => {
  const refused = (code: string, facts = {}) =>
    openingError(Object.assign(new Error(), { code }), '/dev/kmsg', () => ({
      dmesgRestrict: false,
      devkmsgOff: false,
      syslogCapability: false,
      ...facts,
    })).remedy;

  it.each([
    refused('EPERM', { devkmsgOff: true }),
    refused('EPERM', { dmesgRestrict: true }),
    refused('EACCES'),
    refused('EPERM'),
    refused('ENOENT'),
    refused('ERR_NOT_KMSG'),
    refused('ERR_UNKNOWN'),
    readingError(Object.assign(new Error(), { code: 'EIO' }), '/dev/kmsg').remedy,
    deviceError('/dev/kmsg').remedy,
  ])('of the kernel’s log: %s', (remedy) => {
    expect(page).toContain(`| ${remedy} |`);
  });

  it.each(['ENOSPC', 'EROFS', 'EACCES', 'EIO'])('of the journal, after %s', (errno) => {
    const trouble = troubleOf(Object.assign(new Error('x'), { code: errno }), '/var/lib/j.db');
    const [row] = page.split('\n').filter((line) => line.startsWith(`| \`${trouble?.code}\``));
    const remedy = / \| ([^|]*) \|$/.exec(row ?? '')?.[1];
    expect(trouble?.message).toContain(`: ${remedy} (x)`);
  });
});
