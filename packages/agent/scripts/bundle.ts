import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { buildProgram } from '../dist/cli/program.js';
import { version } from '../dist/version.js';
import { licenses } from './licenses.ts';
import { manPage } from './man-page.ts';
import { withoutExecutables } from './without-executables.ts';
import { banner, writeWithoutFacades } from './without-facades.ts';
import { withoutSideEffects } from './without-side-effects.ts';
import { withoutUndici } from './without-undici.ts';

const agent = join(import.meta.dirname, '..');

/** Beside dist/, so that `../package.json` is the agent's manifest from both. */
const folder = join(agent, 'bundle');

/**
 * The agent as few files: main.js, and a chunk for each thing that it imports only when asked to. Everything but Node
 * itself and the addon is inside. Names are shortened: the Kubernetes client's code with its own names costs 8 MB
 * resident, and names kept by esbuild's keepNames 12 MB; readable-stack.ts reads the source maps when a stack is shown.
 */
rmSync(folder, { recursive: true, force: true });
const { metafile, outputFiles } = await build({
  absWorkingDir: agent,
  entryPoints: { main: 'dist/cli/main.js' },
  outdir: folder,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.19',
  minify: true,
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none',
  metafile: true,
  write: false,
  logLevel: 'warning',
  plugins: [withoutUndici, withoutExecutables, withoutSideEffects('@kubernetes/client-node')],
  banner: { js: banner },
});
mkdirSync(folder);
writeWithoutFacades(outputFiles);
writeFileSync(join(folder, 'metafile.json'), JSON.stringify(metafile));
writeFileSync(
  join(folder, 'THIRD-PARTY-LICENSES.txt'),
  licenses(Object.keys(metafile.inputs), agent),
);
writeFileSync(join(folder, 'oomwatcher.1'), manPage(buildProgram(), version));
