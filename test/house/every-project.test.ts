import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import config from '../../vitest.config.ts';
import { root } from '../support/paths.ts';

it('a workspace whose tests `npm test` forgets, or runs twice, is found out', () => {
  const script = readFileSync(join(root, 'scripts/test.sh'), 'utf8');
  const run = [...script.matchAll(/--project (\S+)/g)].map(([, name]) => name);
  const projects = config.test?.projects as { test: { name: string } }[];
  expect(run.toSorted()).toEqual(projects.map(({ test }) => test.name).toSorted());
});
