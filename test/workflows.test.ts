import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './support/paths.ts';

describe.each(globSync('.github/workflows/*.yml', { cwd: root }))('%s', (path) => {
  const text = readFileSync(join(root, path), 'utf8');

  it('runs only actions of which every byte is known', () => {
    const used = [...text.matchAll(/uses: (?!\.\/)(.*)$/gm)].map(([, action]) => action ?? '');
    expect(used.filter((action) => !/^[\w/-]+@[0-9a-f]{40} # v[\d.]+$/.test(action))).toEqual([]);
  });

  it('gives no job a right that it does not name', () => {
    expect(text).toMatch(/^permissions: \{\}$/m);
    const jobs =
      text
        .split(/^jobs:\n/m)[1]
        ?.split(/^ {2}(?=[\w-]+:$)/m)
        .slice(1) ?? [];
    expect(jobs.length).toBeGreaterThan(0);
    for (const job of jobs) expect(job).toMatch(/^ {4}permissions:\n {6}[a-z]/m);
  });

  it('leaves no token in the checkout', () => {
    const checkouts = text.match(/uses: actions\/checkout@/g)?.length ?? 0;
    expect(text.match(/persist-credentials: false/g)?.length ?? 0).toBe(checkouts);
  });
});
