import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildFolder } from './paths.ts';

/** The oldest that the manifests promise, the one that the checkout pins, and the newest. */
export const nodeVersions = ['22.19.0', '24', '26'];

/** The folder with the program `node` of a version, from npm's package for an architecture; fetched once. */
export function nodeFolder(version: string, architecture: string = process.arch): string {
  const packageName = `node-linux-${architecture}`;
  const prefix = join(buildFolder, `node-${architecture}-${version}`);
  const folder = join(prefix, 'node_modules', packageName, 'bin');
  if (existsSync(join(folder, 'node'))) return folder;
  mkdirSync(prefix, { recursive: true });
  const flags = ['--no-save', '--no-audit', '--no-fund', '--prefer-offline', '--prefix', prefix];
  // Otherwise npm refuses what cannot run on this machine.
  if (architecture !== process.arch) flags.push('--force');
  execFileSync('npm', ['install', ...flags, `${packageName}@${version}`], { stdio: 'pipe' });
  return folder;
}
