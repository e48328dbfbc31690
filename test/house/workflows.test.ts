import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../support/paths.ts';

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

describe('the release', () => {
  const text = readFileSync(join(root, '.github/workflows/release.yml'), 'utf8');
  const jobs = new Map(
    text
      .split(/^jobs:\n/m)[1]!
      .split(/^ {2}(?=[\w-]+:$)/m)
      .slice(1)
      .map((job) => [job.slice(0, job.indexOf(':')), job]),
  );
  const needs = (job: string): string[] => {
    const [, list = ''] = /^ {4}needs: \[?(.*?)\]?$/m.exec(jobs.get(job) ?? '') ?? [];
    const direct = list.split(', ').filter((name) => name !== '');
    return [...new Set([...direct, ...direct.flatMap(needs)])];
  };

  it.each([...jobs].filter(([, job]) => /secrets\.|docker push|imagetools/.test(job)))(
    'publishes nothing in %s before the whole check has passed',
    (name) => {
      expect(needs(name)).toContain('check');
      expect(jobs.get('check')).toContain('uses: ./.github/workflows/ci.yml');
    },
  );

  it('publishes packages only after the packed files were tried', () => {
    expect(needs('publish')).toEqual(expect.arrayContaining(['try', 'pack', 'image', 'prebuild']));
  });

  it('lets no code of others see the token', () => {
    const job = jobs.get('publish') ?? '';
    expect(job).toContain('secrets.NPM_TOKEN');
    expect(job).not.toMatch(/npm (ci|install)|setup\.sh/);
  });
});
