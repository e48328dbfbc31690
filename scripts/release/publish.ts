// Publishes the packages that pack.ts put into a folder. May be run again after it stopped halfway: what the registry has
// already, to the byte, is left out. Argument: the folder. Needs only npm, so that nobody else's code sees the token.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { distTag } from './dist-tag.ts';

interface Packed {
  name: string;
  version: string;
  file: string;
  integrity: string;
}

const [target] = process.argv.slice(2);
if (target === undefined) throw new Error('usage: publish.ts FOLDER');
const folder = resolve(target);
const packages: Packed[] = JSON.parse(readFileSync(join(folder, 'release.json'), 'utf8'));

for (const { file, integrity } of packages) {
  const bytes = readFileSync(join(folder, file));
  const found = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  if (found !== integrity) fail(`${file} is not the file that was packed and tried`);
}
for (const { name, version, file, integrity } of packages) {
  const published = view(`${name}@${version}`, 'dist.integrity');
  if (published === integrity) {
    console.log(`${name}@${version} is published already`);
    continue;
  }
  if (published !== undefined) {
    fail(`${name}@${version} is published with other bytes: raise the version, and tag anew`);
  }
  const tag = distTag(version, view(name, 'dist-tags.latest'));
  console.log(`publishing ${name}@${version} as ${tag}`);
  const flags = ['--access=public', '--provenance', '--ignore-scripts', `--tag=${tag}`];
  const { status } = spawnSync('npm', ['publish', `./${file}`, ...flags], {
    cwd: folder,
    stdio: 'inherit',
  });
  if (status !== 0) fail(`${name}@${version} was not published; run this job again`);
}

/** undefined: the registry has no such package or version. */
function view(specifier: string, field: string): string | undefined {
  const { status, stdout, stderr } = spawnSync(
    'npm',
    ['view', specifier, field, '--json', '--prefer-online'],
    { encoding: 'utf8' },
  );
  if (status === 0) return stdout.trim() === '' ? undefined : JSON.parse(stdout);
  if (/\bE404\b/.test(stdout + stderr)) return undefined;
  return fail(`npm view ${specifier} failed: ${stderr}`);
}

function fail(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}
