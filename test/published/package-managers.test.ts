import { afterAll, beforeAll, expect, it } from 'vitest';
import { tryManager } from '../install/installation.ts';
import { managers } from '../install/managers.ts';
import { needs, nodeRegistry, prebuildTools } from '../support/needs.ts';
import { serve } from '../support/registry.ts';
import { packAll } from '../support/tarballs.ts';
import { readManifest } from '../support/workspaces.ts';

/** Those that are quick; `node test/install/run.ts` tries all. */
const quick = managers.filter(({ name }) => ['npm', 'pnpm 10', 'Yarn 4, pnp'].includes(name));

needs(prebuildTools, nodeRegistry).describe('a package manager', () => {
  let registry: Awaited<ReturnType<typeof serve>>;
  beforeAll(async () => {
    registry = await serve(packAll());
  });
  afterAll(() => registry?.[Symbol.asyncDispose]());

  it.each(quick.flatMap((manager) => [true, false].map((compiler) => ({ ...manager, compiler }))))(
    '$name builds nothing and warns of nothing (compiler: $compiler)',
    async (manager) => {
      const { compiler } = manager;
      expect(await tryManager(manager, registry.url, { compiler })).toMatchObject({
        complaints: [],
        built: [],
        addon: 'prebuilt',
        version: readManifest('packages/agent').version,
      });
    },
  );
});
