import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { root } from '../support/paths.ts';
import { streamOf } from '../support/streams.ts';

interface Project {
  root: string;
  test: { name: string; include: string[] };
}

/** The test files of each project, as vitest.config.ts gives them to a stream. */
async function filesOf(stream: string): Promise<string[]> {
  vi.resetModules();
  vi.stubEnv('OOMWATCHER_TEST_STREAM', stream);
  const { default: config } = await import('../../vitest.config.ts');
  vi.unstubAllEnvs();
  const projects = (config.test?.projects ?? []) as Project[];
  return projects
    .filter(({ test }) => test.name !== 'published')
    .flatMap((project) =>
      globSync(project.test.include, { cwd: join(root, project.root) }).map((file) =>
        join(project.root, file),
      ),
    )
    .sort();
}

it('a test that `npm test` forgets, or runs twice, is found out', async () => {
  const script = readFileSync(join(root, 'scripts/test.sh'), 'utf8');
  const streams = [...script.matchAll(/OOMWATCHER_TEST_STREAM=(\S+)/g)].map(
    ([, name]) => `${name}`,
  );
  expect(script.match(/--project '!published'/g)).toHaveLength(streams.length);
  expect(script.match(/--project published/g)).toHaveLength(1);
  const run: string[][] = [];
  for (const stream of streams) run.push(await filesOf(stream));
  const all = await filesOf('');
  expect(all.length).toBeGreaterThan(200);
  expect(run.flat().sort()).toEqual(all);
});

it('a test that kills or floods beside those that count kills and records is found out', () => {
  const acts = /\b(killOne|killReported|runStorm|floodKernelLog|writeKernelLog|demoLines)\(/;
  const files = globSync('{packages,native,test,benchmarks,examples}/**/*.test.ts', {
    cwd: root,
    exclude: (name) => /(^|\/)(node_modules|published)$/.test(name),
  });
  const acting = files.filter((file) => acts.test(readFileSync(join(root, file), 'utf8')));
  expect(acting.length).toBeGreaterThan(20);
  expect(acting.filter((file) => streamOf(join(root, file)) !== 'on-the-log')).toEqual([]);
});
