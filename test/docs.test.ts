import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { killPage, schemaFile } from './docs/kill.ts';
import { builtAgent, needs } from './support/needs.ts';
import { root } from './support/paths.ts';

const read = (name: string) => readFileSync(join(root, name), 'utf8');

needs(builtAgent).it('the pages about a kill are as the schema is: node test/docs/write.ts', () => {
  expect(read('docs/kill.schema.json')).toBe(schemaFile());
  expect(read('docs/kill.md')).toBe(killPage());
});

describe('no page links to a file that is not there', () => {
  it.each(globSync(['*.md', 'docs/*.md', 'deploy/**/*.md'], { cwd: root }))('%s', (page) => {
    const files = new Set(globSync(['**/*'], { cwd: root, exclude: isForeign }));
    const links = [...read(page).matchAll(/\]\((?!https?:)([^)#\s]+)/g)].map(([, link]) => link);
    const missing = links.filter((link) => !files.has(join(dirname(page), link as string)));
    expect(missing).toEqual([]);
  });
});

function isForeign(name: string): boolean {
  return name.endsWith('node_modules') || name.endsWith('.git');
}
