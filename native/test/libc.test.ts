import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

// The package without a binary, so that it says which one it looked for.
const folder = mkdtempSync(join(tmpdir(), 'kmsg-libc-'));
afterAll(() => rmSync(folder, { recursive: true }));
cpSync(new URL('../index.js', import.meta.url), join(folder, 'index.js'));

const glibc = '7f0 r-xp 0 00:01 7 /usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2';
const musl = '7f0 r-xp 0 00:01 7 /lib/ld-musl-x86_64.so.1';

/** What is said where /proc/self/maps is as given, and process has these properties; undefined: it cannot be read. */
function said(maps: string | undefined, properties: object): string {
  const preload = join(folder, 'preload.cjs');
  writeFileSync(
    preload,
    `const fs = require('node:fs');
     const real = fs.readFileSync;
     fs.readFileSync = (path, ...rest) => {
       if (path !== '/proc/self/maps') return real(path, ...rest);
       const maps = ${JSON.stringify(maps ?? null)};
       if (maps === null) throw new Error('EACCES');
       return maps;
     };
     for (const [name, value] of Object.entries(${JSON.stringify(properties)}))
       Object.defineProperty(process, name, { value });`,
  );
  const script =
    "try { require('./index.js') } catch (error) { console.log(error.code, error.message) }";
  return execFileSync(process.execPath, ['--require', preload, '-e', script], {
    cwd: folder,
    encoding: 'utf8',
  }).trim();
}

const x64 = { platform: 'linux', arch: 'x64' };

it.each([
  [glibc, x64, 'linux-x64 with glibc'],
  [musl, x64, 'linux-x64 with musl'],
  // Alpine's glibc package beside musl: what this process runs on decides, not the distribution.
  [`${glibc}\n7f1 r--p 0 00:01 8 /etc/alpine-release`, x64, 'linux-x64 with glibc'],
  [musl, { platform: 'linux', arch: 'arm64' }, 'linux-arm64 with musl'],
  [glibc, { platform: 'linux', arch: 'riscv64' }, 'linux-riscv64 with glibc'],
  [undefined, x64, 'linux-x64 with glibc'],
  [undefined, { platform: 'darwin', arch: 'arm64' }, 'darwin-arm64'],
])('the libc that is loaded is named, and its binary looked for: %#', (maps, properties, place) => {
  expect(said(maps, properties)).toBe(`ERR_NOT_BUILT the addon is not built for ${place}`);
});
