import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
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
