import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const dashboard = join(import.meta.dirname, '..');
const page = join(dashboard, 'src/page');

/**
 * The dashboard as one module of strings, dist/assets.js: the agent has its page wherever it is copied or
 * bundled, and serves no file of the disk.
 */
const { outputFiles } = await build({
  absWorkingDir: dashboard,
  entryPoints: { app: join(page, 'main.ts'), style: join(page, 'style.css') },
  outdir: 'out',
  bundle: true,
  format: 'esm',
  platform: 'browser',
  target: ['es2022', 'chrome109', 'firefox115', 'safari16'],
  minify: true,
  legalComments: 'none',
  write: false,
  logLevel: 'warning',
});

const text = (name: string) => readFileSync(join(page, name), 'utf8');
const built = (name: string) => outputFiles.find(({ path }) => path.endsWith(`/${name}`))?.text;

const assets = {
  '/': { type: 'text/html; charset=utf-8', body: text('index.html') },
  '/app.js': { type: 'text/javascript; charset=utf-8', body: built('app.js') },
  '/style.css': { type: 'text/css; charset=utf-8', body: built('style.css') },
  '/icon.svg': { type: 'image/svg+xml', body: text('icon.svg') },
};
const file = join(dashboard, 'dist/assets.js');
const module = `export const assets = ${JSON.stringify(assets)};\n`;
// Whoever only uses a built checkout may not be allowed to write it.
if (!existsSync(file) || readFileSync(file, 'utf8') !== module) writeFileSync(file, module);
