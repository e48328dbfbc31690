// A program that reads the kernel's log, through each bundler and tracer and as a single executable: native where the addon
// lies beside it, a warning and the portable source where it does not, and never anything else. The tools come from npm and
// are no dependency of ours.
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packAll } from '../support/tarballs.ts';

const tools = ['webpack', 'webpack-cli', 'vite', 'rollup', '@rollup/plugin-node-resolve'];
tools.push('@vercel/nft', 'esbuild', 'postject');

const program = `
import { openSource } from '@oomwatcher/kmsg';
const { source } = openSource({ keep: { rules: [], fragments: true } });
console.log(source.kind);
source.close();
`;

const folder = mkdtempSync(join(tmpdir(), 'oomwatcher-bundled-'));
const moved = mkdtempSync(join(tmpdir(), 'oomwatcher-moved-'));
process.on('exit', () => {
  for (const each of [folder, moved]) rmSync(each, { recursive: true });
});

const npm = (...args: string[]) =>
  execFileSync('npm', ['install', '--no-audit', '--no-fund', ...args], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
const call = (name: string, ...args: string[]) =>
  execFileSync(join(folder, 'node_modules/.bin', name), args, { cwd: folder, stdio: 'pipe' });

const esbuild = (format: string, out: string) =>
  call(
    'esbuild',
    'app.mjs',
    '--bundle',
    '--platform=node',
    `--format=${format}`,
    `--outfile=${out}`,
  );
const rollup = (format: string, out: string) =>
  call('rollup', 'app.mjs', '-p', 'node-resolve', '-f', format, '-o', out, '--silent');

/** What makes a file of the program, and the file. */
const bundles: [name: string, file: string, make: (file: string) => void][] = [
  ['esbuild, ESM', 'esbuild.mjs', (file) => esbuild('esm', file)],
  ['esbuild, CommonJS', 'esbuild.cjs', (file) => esbuild('cjs', file)],
  ['Rollup, ESM', 'rollup.mjs', (file) => rollup('es', file)],
  ['Rollup, CommonJS', 'rollup.cjs', (file) => rollup('cjs', file)],
  ['webpack', 'webpack.cjs', webpack],
  ['Vite', 'vite.mjs', vite],
  ['single executable', 'sea', singleExecutable],
];

function webpack(file: string): void {
  const path = JSON.stringify(folder);
  writeFileSync(
    join(folder, 'webpack.config.cjs'),
    `module.exports = { mode: 'production', target: 'node', entry: './app.mjs', output: { path: ${path}, filename: '${file}' } };`,
  );
  call('webpack', '--config', 'webpack.config.cjs');
}

function vite(file: string): void {
  writeFileSync(
    join(folder, 'vite.config.mjs'),
    `export default { build: { ssr: 'app.mjs', outDir: 'out', rolldownOptions: { output: { entryFileNames: '${file}' } } }, ssr: { noExternal: true } };`,
  );
  call('vite', 'build', '--logLevel', 'error');
  renameSync(join(folder, 'out', file), join(folder, file));
}

function singleExecutable(file: string): void {
  esbuild('cjs', 'single.cjs');
  const options = { main: 'single.cjs', output: 'sea.blob', disableExperimentalSEAWarning: true };
  writeFileSync(join(folder, 'sea.json'), JSON.stringify(options));
  execFileSync(process.execPath, ['--experimental-sea-config', 'sea.json'], {
    cwd: folder,
    stdio: 'pipe',
  });
  copyFileSync(process.execPath, join(folder, file));
  const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
  call('postject', file, 'NODE_SEA_BLOB', 'sea.blob', '--sentinel-fuse', fuse);
}

function check(name: string, isRight: boolean, seen: string): void {
  console.log(`${isRight ? 'ok' : 'NOT OK'}  ${name}`);
  if (isRight) return;
  console.log(seen);
  process.exitCode = 1;
}

function run(place: string, file: string) {
  const isProgram = file === 'sea';
  const args = isProgram ? [] : [join(place, file)];
  const node = isProgram ? join(place, file) : process.execPath;
  const { stdout, stderr } = spawnSync(node, args, { cwd: place, encoding: 'utf8' });
  return { kind: stdout.trim(), stderr };
}

writeFileSync(join(folder, 'package.json'), '{"name": "app", "private": true}');
writeFileSync(join(folder, 'app.mjs'), program);
npm(...packAll().map(({ path }) => path));
npm(...tools);
mkdirSync(join(folder, 'out'), { recursive: true });
for (const [name, file, make] of bundles) {
  try {
    make(file);
    const beside = run(folder, file);
    check(`${name}: native`, beside.kind === 'native' && beside.stderr === '', beside.stderr);
  } catch (error) {
    const { stdout, message } = error as Error & { stdout?: Buffer };
    check(`${name} is built`, false, `${message}\n${stdout ?? ''}`);
  }
}

const trace =
  "require('@vercel/nft').nodeFileTrace(['app.mjs']).then(({ fileList }) => console.log([...fileList].join('\\n')))";
const traced = execFileSync(process.execPath, ['-e', trace], { cwd: folder, encoding: 'utf8' });
check('@vercel/nft: the addon is among the files', /prebuilds\/.*\.node$/m.test(traced), traced);

rmSync(join(folder, 'node_modules/@oomwatcher/native'), { recursive: true });
for (const [name, file] of bundles) {
  renameSync(join(folder, file), join(moved, file));
  const { kind, stderr } = run(moved, file);
  const isTold = kind === 'portable' && stderr.includes('[OOMWATCHER_PORTABLE] Warning:');
  check(`${name}, without the addon: portable, with a warning`, isTold, `${kind}\n${stderr}`);
}
