import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildFolder, root } from './paths.ts';
import { prebuildAddon } from './prebuild.ts';
import { type Manifest, type Workspace, workspaces } from './workspaces.ts';

/** A published workspace as npm would upload it. */
export interface Tarball {
  folder: string;
  manifest: Manifest;
  path: string;
  /** Paths in the package, sorted. */
  files: string[];
}

export const published = workspaces.filter(({ manifest }) => !manifest.private);

/** Packs every published workspace, with the addon prebuilt for this machine. */
export function packAll(): Tarball[] {
  prebuildAddon();
  return pack(published);
}

/** Packs these workspaces as they are. */
export function pack(workspacesToPack: readonly Workspace[]): Tarball[] {
  const destination = join(buildFolder, 'tarballs');
  rmSync(destination, { recursive: true, force: true });
  mkdirSync(destination, { recursive: true });
  const arguments_ = ['pack', '--json', '--ignore-scripts', '--pack-destination', destination];
  const packed: Packed = JSON.parse(
    execFileSync(
      'npm',
      [...arguments_, ...workspacesToPack.map(({ folder }) => `--workspace=${folder}`)],
      {
        cwd: root,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    ),
  );
  return workspacesToPack.map(({ folder, manifest }) => {
    const { filename, files } = of(packed, manifest.name);
    return {
      folder,
      manifest,
      path: join(destination, filename),
      files: files.map(({ path }) => path).sort(),
    };
  });
}

interface PackedPackage {
  name: string;
  filename: string;
  files: { path: string }[];
}

/** A list up to npm 11; by name from npm 12 on. */
type Packed = PackedPackage[] | Record<string, PackedPackage>;

function of(packed: Packed, name: string): PackedPackage {
  const found = Object.values(packed).find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`npm packed no ${name}`);
  return found;
}
