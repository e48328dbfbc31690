import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { CpioWriter } from './cpio.ts';
import { Missing } from './missing.ts';
import { here, root } from './paths.ts';
import type { Scenario } from './scenarios.ts';

/** Which of the agent's readers of /dev/kmsg is tried. */
export type Source = 'native' | 'portable';

/** What of the agent is tried. */
export interface Tried {
  source: Source;
  /** Whether a program in the kernel sees the kills. */
  witness: 'off' | 'require';
}

/** Where the guest finds the agent and the Node that runs it. */
const app = '/app';

/** Writes the guest's whole file system: busybox, the pinned Node, the built agent, the scenarios. @throws Missing */
export function writeInitramfs(
  file: string,
  scenarios: Scenario[],
  { source, witness }: Tried,
  workFolder: string,
): void {
  requireBuild(source);
  using archive = new CpioWriter(file);
  archive.addDirectory('/dev');
  archive.copyFile('/init', join(here, 'guest/init'));
  archive.copyFile('/bin/busybox', busybox());
  for (const program of ['test/support/storm.c', 'test/kernels/guest/victims.c'])
    addProgram(archive, join(root, program), workFolder);
  addNode(archive, join(root, 'node_modules/node/bin/node'));
  addPackage(archive, join(root, 'packages/agent'));
  archive.addFile('/source', `${source}\n`);
  archive.addFile('/witness', `${witness}\n`);
  const cgroups = readFileSync(join(here, 'guest/cgroups.sh'), 'utf8');
  scenarios.forEach(({ name, script }, index) => {
    const order = String(index).padStart(2, '0');
    archive.addFile(`/scenarios/${order}-${name}`, `${cgroups}\n${script}\n`);
  });
}

function requireBuild(source: Source): void {
  if (!existsSync(join(root, 'packages/agent/bundle/main.js')))
    throw new Missing('the agent is not bundled: npx turbo run bundle');
  const addon = globSync('native/{build/Release,prebuilds/*}/*.node', { cwd: root });
  if (source === 'native' && addon.length === 0)
    throw new Missing('the addon is not built: npm run build, or try --source portable');
}

function busybox(): string {
  const file = '/bin/busybox';
  // ldd(1) fails on a static program.
  if (!existsSync(file) || spawnSync('ldd', [file]).status === 0)
    throw new Missing('no static busybox here: install busybox-static');
  return file;
}

/** Static: then the guest needs nothing but the file. */
function addProgram(archive: CpioWriter, source: string, workFolder: string): void {
  const name = source.slice(source.lastIndexOf('/') + 1, -'.c'.length);
  const program = join(workFolder, name);
  try {
    execFileSync('cc', ['-static', '-O2', '-o', program, source]);
  } catch (error) {
    throw new Missing(`cannot compile ${name}.c: ${(error as Error).message}`);
  }
  archive.copyFile(`/bin/${name}`, program);
}

function addNode(archive: CpioWriter, node: string): void {
  archive.copyFile(`${app}/node`, node);
  for (const library of dynamicLibraries(node)) archive.copyFile(library, realpathSync(library));
}

/** Absolute paths, as the dynamic loader will ask for them. */
function dynamicLibraries(program: string): string[] {
  const listing = execFileSync('ldd', [program], { encoding: 'utf8' });
  return [...listing.matchAll(/(\/\S+) \(0x/g)].map(([, path]) => path as string);
}

interface Manifest {
  name: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

/** A built package and, by its manifest, everything that it needs at run time. */
function addPackage(archive: CpioWriter, folder: string, seen = new Set<string>()): void {
  if (seen.has(folder)) return;
  seen.add(folder);
  const manifest: Manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = globSync(runtimeFiles, {
    cwd: folder,
    exclude: ['node_modules', 'test', 'benchmarks'],
  });
  for (const file of files)
    archive.copyFile(`${app}/node_modules/${manifest.name}/${file}`, join(folder, file), 0o644);
  const needed = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies });
  for (const name of needed) addPackage(archive, packageFolder(name, folder), seen);
}

const runtimeFiles = [
  'package.json',
  '**/*.{js,mjs,cjs,json,html,css}',
  'build/Release/*.node',
  'prebuilds/**/*.node',
];

function packageFolder(name: string, from: string): string {
  for (const folder of createRequire(join(from, 'package.json')).resolve.paths(name) ?? []) {
    const candidate = join(folder, name);
    if (existsSync(join(candidate, 'package.json'))) return realpathSync(candidate);
  }
  throw new Missing(`${name}, which ${from} needs, is not installed: npm ci`);
}
