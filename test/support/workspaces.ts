import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.ts';

export interface Manifest {
  name: string;
  version: string;
  description?: string;
  keywords?: string[];
  license?: string;
  private?: boolean;
  workspaces?: string[];
  exports?: Record<string, unknown>;
  bin?: Record<string, string>;
  engines?: { node?: string };
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

export interface Workspace {
  /** Relative to the checkout. */
  folder: string;
  manifest: Manifest;
}

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
}

export const workspaces: Workspace[] = globSync(readManifest('.').workspaces ?? [], { cwd: root })
  .sort()
  .map((folder) => ({ folder, manifest: readManifest(folder) }));

/** Every specifier by which a workspace lets itself be imported; all else in it is its own affair. */
export const publicEntries: ReadonlySet<string> = new Set(
  workspaces.flatMap(({ manifest: { name, exports = { '.': null } } }) =>
    Object.keys(exports).map((entry) => name + entry.slice(1)),
  ),
);
