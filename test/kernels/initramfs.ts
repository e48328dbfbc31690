import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Architecture, Programs } from './architecture.ts';
import { CpioWriter } from './cpio.ts';
import { Missing } from './missing.ts';
import { here, root } from './paths.ts';
import type { Scenario } from './scenario.ts';

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

/** Writes the guest's whole file system: busybox, Node, the built agent, the scenarios. @throws Missing */
export async function writeInitramfs(
  file: string,
  architecture: Architecture,
  scenarios: Scenario[],
  { source, witness }: Tried,
  workFolder: string,
): Promise<void> {
  const programs = await architecture.programs();
  requireBuild(source, architecture);
  using archive = new CpioWriter(file);
  archive.addDirectory('/dev');
  archive.copyFile('/init', join(here, 'guest/init'));
  archive.copyFile('/bin/busybox', programs.busybox);
  const guest = globSync('test/kernels/guest/*.c', { cwd: root });
  for (const program of ['test/support/storm.c', ...guest])
    addProgram(archive, join(root, program), architecture.compiler, workFolder);
  addNode(archive, programs);
  addPackage(archive, join(root, 'packages/agent'), architecture.addons);
  archive.addFile('/source', `${source}\n`);
  archive.addFile('/witness', `${witness}\n`);
  archive.addFile('/second-port', `${architecture.secondPort.device}\n`);
  const cgroups = readFileSync(join(here, 'guest/cgroups.sh'), 'utf8');
  scenarios.forEach(({ name, script }, index) => {
    const order = String(index).padStart(2, '0');
    archive.addFile(`/scenarios/${order}-${name}`, `${cgroups}\n${script}\n`);
  });
}

function requireBuild(source: Source, { addons }: Architecture): void {
  if (!existsSync(join(root, 'packages/agent/bundle/main.js')))
    throw new Missing('the agent is not bundled: npx turbo run bundle');
  const addon = globSync(addons, { cwd: join(root, 'native') });
  if (source === 'native' && addon.length === 0)
    throw new Missing('the addon is not built: npm run build, or try --source portable');
}

/** Static: then the guest needs nothing but the file. */
function addProgram(
  archive: CpioWriter,
  source: string,
  compiler: string,
  workFolder: string,
): void {
  const name = source.slice(source.lastIndexOf('/') + 1, -'.c'.length);
  const program = join(workFolder, name);
  try {
    execFileSync(compiler, ['-static', '-O2', '-o', program, source]);
  } catch (error) {
    throw new Missing(`cannot compile ${name}.c: ${(error as Error).message}`);
  }
  archive.copyFile(`/bin/${name}`, program);
}

function addNode(archive: CpioWriter, { node, libraries }: Programs): void {
  archive.copyFile(`${app}/node`, node);
  for (const [path, library] of libraries) archive.copyFile(path, realpathSync(library));
}

interface Manifest {
  name: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

/** A built package and, by its manifest, everything that it needs at run time. */
function addPackage(
  archive: CpioWriter,
  folder: string,
  addons: string,
  seen = new Set<string>(),
): void {
  if (seen.has(folder)) return;
  seen.add(folder);
  const manifest: Manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = globSync([...runtimeFiles, addons], {
    cwd: folder,
    exclude: ['node_modules', 'test', 'benchmarks'],
  });
  for (const file of files)
    archive.copyFile(`${app}/node_modules/${manifest.name}/${file}`, join(folder, file), 0o644);
  const needed = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies });
  for (const name of needed) addPackage(archive, packageFolder(name, folder), addons, seen);
}

const runtimeFiles = ['package.json', '**/*.{js,mjs,cjs,json,html,css}'];

function packageFolder(name: string, from: string): string {
  for (const folder of createRequire(join(from, 'package.json')).resolve.paths(name) ?? []) {
    const candidate = join(folder, name);
    if (existsSync(join(candidate, 'package.json'))) return realpathSync(candidate);
  }
  throw new Missing(`${name}, which ${from} needs, is not installed: npm ci`);
}
