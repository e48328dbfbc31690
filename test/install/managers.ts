import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A package manager, and how a project of its own is set up for a registry. */
export interface Manager {
  name: string;
  /** Its package and version on npm; undefined: the machine's npm. */
  from?: string;
  /** Its program. */
  program: string;
  prepare?: (folder: string, registry: string) => void;
  add: (registry: string, packages: readonly string[]) => string[];
  /** In front of a program of the project. */
  run: string[];
  /** In front of a file for Node; default: `run` and `node`. */
  node?: string[];
}

const npmrc = (folder: string, registry: string) =>
  writeFileSync(join(folder, '.npmrc'), `registry=${registry}/\n`);

const yarnrc = (linker: string) => (folder: string, registry: string) =>
  writeFileSync(
    join(folder, '.yarnrc.yml'),
    [
      `npmRegistryServer: "${registry}"`,
      'unsafeHttpWhitelist: ["127.0.0.1"]',
      `nodeLinker: ${linker}`,
      'enableTelemetry: false',
      'enableGlobalCache: false',
      // Yarn 4 keeps packages of one version there, and ours have one version for as long as it is worked on.
      `globalFolder: "${join(folder, '.yarn-global')}"`,
      '',
    ].join('\n'),
  );

const pnpm = (version: string): Manager => ({
  name: `pnpm ${version}`,
  from: `pnpm@${version}`,
  program: 'pnpm',
  prepare: npmrc,
  add: (_, packages) => ['add', ...packages],
  run: ['exec'],
});

const yarnBerry = (version: string, linker: 'pnp' | 'node-modules'): Manager => ({
  name: `Yarn ${version}, ${linker}`,
  from: `@yarnpkg/cli-dist@${version}`,
  program: 'yarn',
  prepare: yarnrc(linker),
  add: (_, packages) => ['add', ...packages],
  run: ['run'],
  node: ['node'],
});

export const managers: Manager[] = [
  {
    name: 'npm',
    program: 'npm',
    prepare: npmrc,
    add: (_, packages) => ['install', '--no-audit', '--no-fund', ...packages],
    run: ['exec', '--'],
  },
  pnpm('9'),
  pnpm('10'),
  pnpm('latest'),
  {
    name: 'Yarn 1',
    from: 'yarn@1',
    program: 'yarn',
    add: (registry, packages) => ['add', '--registry', registry, ...packages],
    run: ['run', '--silent'],
    node: ['--silent', 'node'],
  },
  yarnBerry('3', 'pnp'),
  yarnBerry('3', 'node-modules'),
  yarnBerry('4', 'pnp'),
  yarnBerry('4', 'node-modules'),
  {
    name: 'Bun',
    from: 'bun',
    program: 'bun',
    add: (registry, packages) => ['add', `--registry=${registry}`, ...packages],
    run: ['x', '--no-install'],
  },
];
