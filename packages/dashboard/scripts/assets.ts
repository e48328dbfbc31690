import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const dashboard = join(import.meta.dirname, '..');
const page = join(dashboard, 'src/page');

/**
 * The dashboard as one module of strings, dist/assets.js: the agent has its page wherever it is copied or
 * bundled, and serves no file of the disk. Packed, as it is sent: half of it in the bundle and in memory, a third on the way.
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

const packed = (contents: Uint8Array | undefined) => {
  if (contents === undefined) throw new Error('a file of the page was not built');
  return gzipSync(contents, { level: 9 }).toString('base64');
};
const written = (name: string) => packed(readFileSync(join(page, name)));
const built = (name: string) =>
  packed(outputFiles.find(({ path }) => path.endsWith(`/${name}`))?.contents);

const assets = {
  '/': { type: 'text/html; charset=utf-8', gzip: written('index.html') },
  '/app.js': { type: 'text/javascript; charset=utf-8', gzip: built('app.js') },
  '/style.css': { type: 'text/css; charset=utf-8', gzip: built('style.css') },
  '/icon.svg': { type: 'image/svg+xml', gzip: written('icon.svg') },
};
const file = join(dashboard, 'dist/assets.js');
const module = `export const assets = ${JSON.stringify(assets)};\n`;
// Whoever only uses a built checkout may not be allowed to write it.
if (!existsSync(file) || readFileSync(file, 'utf8') !== module) writeFileSync(file, module);
