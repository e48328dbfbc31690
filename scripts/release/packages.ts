import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

export interface ReleasedPackage {
  /** Relative to the checkout. */
  folder: string;
  name: string;
  version: string;
}

interface Manifest {
  name: string;
  version: string;
  private?: boolean;
  workspaces?: string[];
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

/** What is published, each after the packages that it depends on: whoever installs meanwhile finds them. */
export function releasedPackages(): ReleasedPackage[] {
  const manifestOf = (folder: string): Manifest =>
    JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  const waiting = globSync(manifestOf('.').workspaces ?? [], { cwd: root })
    .sort()
    .map((folder) => ({ folder, manifest: manifestOf(folder) }))
    .filter(({ manifest }) => manifest.private !== true);
  const ordered: ReleasedPackage[] = [];
  while (waiting.length > 0) {
    const next = waiting.findIndex(({ manifest }) => {
      const needed = { ...manifest.dependencies, ...manifest.optionalDependencies };
      return !waiting.some((other) => other.manifest.name in needed);
    });
    const [found] = waiting.splice(next, 1);
    if (next === -1 || found === undefined) throw new Error('packages depend on each other');
    const { name, version } = found.manifest;
    ordered.push({ folder: found.folder, name, version });
  }
  return ordered;
}
