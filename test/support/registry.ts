import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import type { Tarball } from './tarballs.ts';

const run = promisify(execFile);

export interface Installation {
  folder: string;
  /** As `npm install --global` into `folder` as its prefix. */
  global?: boolean;
  /** Put in front of PATH: the folder of the Node that npm runs on. */
  node?: string;
}

/**
 * Installs packages of ours as their users do, by name from a registry: one on loopback that holds the tarballs, for our
 * scope. What is others' comes from npm's own.
 */
export async function installPackages(
  tarballs: readonly Tarball[],
  names: readonly string[],
  { folder, global = false, node }: Installation,
): Promise<void> {
  await using registry = await serve(tarballs);
  const specifiers = names.map((name) => registry.specifier(name));
  const flags = [
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    `--@oomwatcher:registry=${registry.url}`,
  ];
  const place = global ? ['--global', '--prefix', folder] : ['--prefix', folder];
  await run('npm', ['install', ...flags, ...place, ...specifiers], {
    cwd: folder,
    env: { ...process.env, PATH: [node, process.env.PATH].filter(Boolean).join(':') },
  });
}

/**
 * A registry on loopback that holds the tarballs and nothing else. Its address is its own for ever: package managers cache
 * by address, and the kernel gives a port twice, so a package of an earlier run was once installed that this one lacks.
 */
export async function serve(tarballs: readonly Tarball[]) {
  const own = `/${randomUUID()}`;
  const server = createServer(({ url = '' }, response) => {
    const path = decodeURIComponent(url);
    const file = tarballs.find((tarball) => path === `${own}/${basename(tarball.path)}`);
    const named = tarballs.find(({ manifest: { name } }) => path === `${own}/${name}`);
    if (file !== undefined) response.end(readFileSync(file.path));
    else if (named !== undefined) response.end(JSON.stringify(packument(named, address())));
    else response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}${own}`;
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: address(),
    /** Our scope is asked of this registry by name; a package without a scope must be given by its address. */
    specifier(name: string): string {
      const tarball = tarballs.find(({ manifest }) => manifest.name === name);
      if (tarball === undefined) throw new Error(`${name} was not packed`);
      return name.startsWith('@') ? name : tarball.path;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function packument({ manifest, path }: Tarball, address: string) {
  const { name, version } = manifest;
  const integrity = `sha512-${createHash('sha512').update(readFileSync(path)).digest('base64')}`;
  const dist = { tarball: `${address}/${basename(path)}`, integrity };
  return {
    name,
    'dist-tags': { latest: version },
    // Yarn and pnpm refuse what is younger than a day or two.
    time: { [version]: new Date(0).toISOString() },
    versions: { [version]: { ...manifest, dist } },
  };
}
