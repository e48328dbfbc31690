import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

const here = join(import.meta.dirname, '../..');
const buildFolder = join(here, 'build');

/** `native/` of this tree. */
export const nativeFolder = join(here, '../native');

export const compiler = process.env.CXX ?? 'g++';

let version: string | undefined;

/** Asked once: it is the name of each object. */
function compilerVersion(): string {
  version ??= compilerName();
  return version;
}

/** `g++ 12`: counts of instructions are of one compiler's code. */
export function compilerName(): string {
  const version = execFileSync(compiler, ['-dumpversion'], { encoding: 'utf8' }).trim();
  return `${compiler.replace(/^.*\/|-\d+$/g, '')} ${version.split('.')[0]}`;
}

/** The bare C loop; see floor.c. */
export function buildFloor(): string {
  return build('floor', ['-O2', '-x', 'c'], [join(here, 'native/floor.c')]);
}

/** The library that lets a process read the kernel's ring many times over; see rewind.c. */
export function buildRewind(): string {
  return build(
    'rewind.so',
    ['-O2', '-shared', '-fPIC', '-x', 'c'],
    [join(here, 'native/rewind.c')],
  );
}

/** Writers of the kernel log; see flood.c. */
export function buildFlood(): string {
  return build('flood', ['-O2', '-x', 'c'], [join(here, 'native/flood.c')]);
}

/** The drain thread over memory, with the core of the tree whose `native/` is given; see hot_path.cc. */
export function buildHotPath(native = nativeFolder): string {
  const flags = ['-std=c++17', '-O2', '-pthread', `-I${join(native, 'src')}`];
  const headers = globSync('src/core/*.h', { cwd: native }).map((file) => join(native, file));
  const core = globSync('src/core/*.cc', { cwd: native }).sort();
  // Each by itself: another tree differs in few of them.
  const objects = [join(here, 'native/hot_path.cc'), ...core.map((file) => join(native, file))].map(
    (source) => build(`${basename(source)}.o`, ['-c', ...flags], [source], headers),
  );
  return build('hot-path', ['-pthread'], objects);
}

/** Built once for each content of its sources; its path. */
function build(name: string, flags: string[], sources: string[], headers: string[] = []): string {
  // Where a tree is makes no other code.
  const options = flags.filter((flag) => !flag.startsWith('-I'));
  const hash = createHash('sha256').update(JSON.stringify([compilerVersion(), options]));
  for (const file of [...sources, ...headers.sort()]) hash.update(readFileSync(file));
  const program = join(buildFolder, `${hash.digest('hex').slice(0, 12)}-${name}`);
  if (statSync(program, { throwIfNoEntry: false }) !== undefined) return program;
  mkdirSync(buildFolder, { recursive: true });
  // Under another name until it is whole: two runs may compile at once.
  const unfinished = `${program}.${process.pid}`;
  execFileSync(compiler, [...flags, ...sources, '-o', unfinished], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  renameSync(unfinished, program);
  return program;
}
