import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { root } from '../support/paths.ts';
import { readManifest, workspaces } from '../support/workspaces.ts';

/** npm runs these on the machine of whoever installs; npm 12 blocks them, so nothing may depend on them. */
const installScripts = ['preinstall', 'install', 'postinstall', 'prepublish', 'prepare'];

describe.each([{ folder: '.', manifest: readManifest('.') }, ...workspaces])(
  'the manifest of $folder',
  ({ manifest }) => {
    it('runs nothing at installation', () => {
      expect(Object.keys(manifest.scripts ?? {})).not.toEqual(
        expect.arrayContaining([expect.stringMatching(`^(${installScripts.join('|')})$`)]),
      );
    });

    it('is licensed', () => {
      expect(manifest.license).toBe('Apache-2.0');
    });
  },
);

describe('the manifests together', () => {
  const published = workspaces.filter(({ manifest }) => !manifest.private);

  it('keep npm from building the addon at installation', () => {
    // With a binding.gyp in its root npm, pnpm and Yarn 1 and berry add an install script by themselves, and only npm
    // heeds `gypfile: false`.
    expect(existsSync(join(root, 'native/binding.gyp'))).toBe(false);
    expect(readManifest('native').dependencies).toBeUndefined();
  });

  it.each(published)(
    'say what $folder is about, and can be read by who has installed it',
    ({ folder, manifest }) => {
      const { description, keywords = [] } = manifest;
      expect(description?.length).toBeGreaterThan(20);
      expect(keywords).toEqual(expect.arrayContaining(['linux', 'kernel', 'oom']));
      // Bundlers, auditors and version checks ask for it by name; with `exports` it is closed unless it is among them.
      const resolved = createRequire(join(root, 'package.json')).resolve(
        `${manifest.name}/package.json`,
      );
      expect(realpathSync(resolved)).toBe(realpathSync(join(root, folder, 'package.json')));
    },
  );

  it('are given the address of their sources when they are released, for npm’s page and its provenance', () => {
    const copy = mkdtempSync(join(tmpdir(), 'oomwatcher-manifests-'));
    onTestFinished(() => rmSync(copy, { recursive: true }));
    cpSync(join(root, 'scripts/release'), join(copy, 'scripts/release'), { recursive: true });
    for (const folder of ['.', ...workspaces.map((workspace) => workspace.folder)]) {
      mkdirSync(join(copy, folder), { recursive: true });
      cpSync(join(root, folder, 'package.json'), join(copy, folder, 'package.json'));
    }
    const script = join(copy, 'scripts/release/name-repository.ts');
    execFileSync(process.execPath, [script, 'https://example.org/a/b'], { stdio: 'pipe' });
    for (const { folder, manifest } of published) {
      const named = JSON.parse(readFileSync(join(copy, folder, 'package.json'), 'utf8'));
      expect(named).toEqual({
        ...manifest,
        homepage: 'https://example.org/a/b#readme',
        bugs: { url: 'https://example.org/a/b/issues' },
        repository: { type: 'git', url: 'git+https://example.org/a/b.git', directory: folder },
      });
    }
    const release = readFileSync(join(root, '.github/workflows/release.yml'), 'utf8');
    expect(release.indexOf('name-repository.ts')).toBeGreaterThan(0);
    expect(release.indexOf('name-repository.ts')).toBeLessThan(release.indexOf('release/pack.ts'));
  });

  it('promise one range of Node.js', () => {
    expect(new Set(published.map(({ manifest }) => manifest.engines?.node))).toEqual(
      new Set(['>=22.19']),
    );
  });

  it('name each other by the one version that was tested together', () => {
    const versions = new Map(workspaces.map(({ manifest }) => [manifest.name, manifest.version]));
    for (const { manifest } of workspaces) {
      const { dependencies, devDependencies, optionalDependencies } = manifest;
      const needed = Object.entries({
        ...dependencies,
        ...devDependencies,
        ...optionalDependencies,
      });
      for (const [name, range] of needed) {
        if (versions.has(name))
          expect(range, `${name} in ${manifest.name}`).toBe(versions.get(name));
      }
    }
    expect(new Set(published.map(({ manifest }) => manifest.version)).size).toBe(1);
  });
});

describe('the files of the repository', () => {
  it("name no path of somebody's machine", () => {
    // The folder may be another user's: CI checks out as one and runs as root.
    const safe = ['-c', 'safe.directory=*'];
    const listed = execFileSync('git', [...safe, 'ls-files', '-z', '-co', '--exclude-standard'], {
      cwd: root,
    });
    const files = listed
      .toString()
      .split('\0')
      .filter((file) => file !== '' && existsSync(join(root, file)));
    expect(files.length).toBeGreaterThan(20);
    const named = files.filter((file) => namesMachine(readFileSync(join(root, file), 'latin1')));
    expect(named).toEqual([]);
  });

  it('would be found out', () => {
    expect(namesMachine(`"file://${join(root, 'a.ts')}"`)).toBe(true);
    expect(namesMachine(['', 'home', 'somebody', 'a.ts'].join('/'))).toBe(true);
    expect(namesMachine('https://example.org/home/page')).toBe(false);
  });
});

/** A home folder, or this very checkout where its path is long enough to be nobody else's. */
function namesMachine(text: string): boolean {
  const isRevealing = root.split('/').length > 2;
  return /(?<![\w.-])\/(?:home|Users)\/\w/.test(text) || (isRevealing && text.includes(`${root}/`));
}
