import { execFile } from 'node:child_process';
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { buildFolder } from '../support/paths.ts';
import type { Manager } from './managers.ts';

const run = promisify(execFile);

export interface Outcome {
  seconds: number;
  /** All that the manager said. */
  output: string;
  /** Lines of the manager that warn or fail, or that something is built. */
  complaints: string[];
  /** Binaries that were not in the package. */
  built: string[];
  /** Whether the addon is the prebuilt one; the reason where there is none. */
  addon: string;
  version: string;
}

const compilers =
  /^(cc|c\+\+|c\d\d|gcc|g\+\+|clang|clang\+\+|make|python)([-.\d].*)?$|-(gcc|g\+\+|cc)(-\d+)?$/;

/** All that this machine has but what compiles. */
function withoutCompilers(): string {
  const folder = join(buildFolder, 'no-compilers');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync('/usr/bin')) {
    if (!compilers.test(name)) symlinkSync(join('/usr/bin', name), join(folder, name));
  }
  return folder;
}

async function folderOf({ from, program }: Manager): Promise<string | undefined> {
  if (from === undefined) return undefined;
  const prefix = join(buildFolder, `manager-${from.replace(/[^\w.]/g, '-')}`);
  const folder = join(prefix, 'node_modules/.bin');
  if (existsSync(join(folder, program))) return folder;
  mkdirSync(prefix, { recursive: true });
  await run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', prefix, from]);
  return folder;
}

/** Installs the command and the library into a new project, as a user does, and tries both. */
export async function tryManager(
  manager: Manager,
  registry: string,
  { compiler }: { compiler: boolean },
): Promise<Outcome> {
  // Not below the checkout, of which it would be a part to some.
  const folder = mkdtempSync(join(tmpdir(), 'oomwatcher-managed-'));
  try {
    return await tryIn(folder, manager, registry, compiler);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function tryIn(
  folder: string,
  manager: Manager,
  registry: string,
  compiler: boolean,
): Promise<Outcome> {
  writeFileSync(join(folder, 'package.json'), '{"name": "managed", "private": true}\n');
  manager.prepare?.(folder, registry);
  const own = await folderOf(manager);
  const path = [dirname(process.execPath), own, compiler ? process.env.PATH : withoutCompilers()];
  const { HOME, LANG } = process.env;
  const env = {
    HOME,
    LANG,
    PATH: path.filter(Boolean).join(':'),
    XDG_CACHE_HOME: join(folder, '.cache'),
    NO_COLOR: '1',
    CI: '1',
  };
  const call = async (args: readonly string[]) => {
    const { stdout, stderr } = await run(manager.program, args, { cwd: folder, env }).catch(
      (error) => {
        throw new Error(`${manager.name}: ${error.message}\n${error.stdout}\n${error.stderr}`);
      },
    );
    return { stdout, output: `${stdout}\n${stderr}` };
  };
  const began = performance.now();
  const { output } = await call(manager.add(registry, ['oomwatcher', '@oomwatcher/kmsg']));
  const seconds = (performance.now() - began) / 1000;
  writeFileSync(
    join(folder, 'addon.mjs'),
    "import { loadAddon } from '@oomwatcher/kmsg';\n" +
      'const { addon, reason } = loadAddon();\n' +
      "console.log(reason ?? (addon.isPrebuilt ? 'prebuilt' : 'built here'));\n",
  );
  return {
    seconds,
    output,
    complaints: output.split('\n').filter((line) => isComplaint(line)),
    built: globSync('**/build/Release/*.node', { cwd: folder }),
    addon: (await call([...(manager.node ?? [...manager.run, 'node']), 'addon.mjs'])).stdout.trim(),
    version: (await call([...manager.run, 'oomwatcher', '--version'])).stdout.trim(),
  };
}

/** Steps, what was added, and that ES modules under Plug'n'Play are Yarn's experiment. All else that Yarn says is a complaint. */
const ofYarn = new Set(['0000', '0013', '0019', '0085', '0092']);

/** What package managers say of the empty project itself is not about our packages. */
function isComplaint(line: string): boolean {
  const [, code] = /^➤ YN(\d{4})/.exec(line) ?? [];
  if (code !== undefined) return !ofYarn.has(code);
  if (/No license field|warning package\.json|^info /i.test(line)) return false;
  return /warn|error|gyp|must be built|ignored build|deprecat/i.test(line);
}
