import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { builtAgent, needs, nodeRegistry } from '../support/needs.ts';
import { root } from '../support/paths.ts';
import { installPackages } from '../support/registry.ts';
import { pack, published } from '../support/tarballs.ts';

/** The oldest that knows `await using`, and the last of each line since. */
const compilers = ['5.2', '5.9', '6.0', '7.0'];

const strict = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  noEmit: true,
};

const projects = {
  node: {
    compilerOptions: {
      ...strict,
      target: 'ES2022',
      module: 'NodeNext',
      lib: ['ES2022', 'ESNext.Disposable'],
      types: ['node'],
    },
    files: ['exhaustive.ts', 'optional.ts'],
  },
  browser: {
    compilerOptions: {
      ...strict,
      target: 'ES2022',
      module: 'ESNext',
      moduleResolution: 'Bundler',
      lib: ['ES2022', 'DOM', 'DOM.Iterable'],
      types: [],
    },
    files: ['browser.ts'],
  },
};

needs(builtAgent, nodeRegistry).describe('the types of the packages', () => {
  // Not below the checkout, where a compiler finds the addon and the types of Node.js in its folders.
  const folder = mkdtempSync(join(tmpdir(), 'oomwatcher-types-'));
  const aliasOf = (version: string) => `typescript-${version}`;
  beforeAll(async () => {
    writeFileSync(join(folder, 'package.json'), '{"private": true, "type": "module"}');
    // Without the addon, as where a lockfile or npm's --omit=optional leaves it out.
    const libraries = published.filter(
      ({ folder: of }) => of !== 'native' && of !== 'packages/agent',
    );
    await installPackages(pack(libraries), ['@oomwatcher/logs', '@oomwatcher/watcher'], { folder });
    const others = compilers.map((version) => `${aliasOf(version)}@npm:typescript@${version}`);
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '@types/node@24', ...others], {
      cwd: folder,
      stdio: 'pipe',
    });
    cpSync(join(root, 'test/published/types'), folder, { recursive: true });
    for (const [name, project] of Object.entries(projects)) {
      writeFileSync(join(folder, `tsconfig.${name}.json`), JSON.stringify(project));
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are tried without the addon', () => {
    expect(existsSync(join(folder, 'node_modules/@oomwatcher/kmsg'))).toBe(true);
    expect(existsSync(join(folder, 'node_modules/@oomwatcher/native'))).toBe(false);
  });

  it.each(
    compilers.flatMap((version) => Object.keys(projects).map((project) => ({ version, project }))),
  )('compile with TypeScript $version in a project for $project', async ({ version, project }) => {
    const tsc = join(folder, 'node_modules', aliasOf(version), 'bin/tsc');
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [tsc, '-p', `tsconfig.${project}.json`],
      {
        cwd: folder,
      },
    ).catch((error: { stdout: string }) => error);
    expect(stdout).toBe('');
  });
});
