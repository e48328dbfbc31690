// Packs everything that a release publishes into one folder, once: these bytes are tried, and these are published.
// Fails unless tag, versions and the addon's binaries belong together. Arguments: the tag, as v0.1.0; the folder.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { releasedPackages, root } from './packages.ts';

const [tag, target] = process.argv.slice(2);
if (tag === undefined || target === undefined) throw new Error('usage: pack.ts TAG FOLDER');
const folder = resolve(target);

const packages = releasedPackages();
for (const { folder: name, version } of packages) {
  if (`v${version}` !== tag) fail(`${name} has version ${version}, the tag is ${tag}`);
}
for (const binary of ['x64/kmsg.glibc', 'x64/kmsg.musl', 'arm64/kmsg.glibc', 'arm64/kmsg.musl']) {
  const path = `native/prebuilds/linux-${binary}.node`;
  if (!existsSync(join(root, path))) fail(`${path} is missing: the prebuild workflow makes it`);
}

mkdirSync(folder, { recursive: true });
const list = packages.map((each) => {
  const [packed] = Object.values<{ filename: string; integrity: string }>(
    JSON.parse(
      execFileSync(
        'npm',
        [
          'pack',
          '--json',
          '--ignore-scripts',
          `--workspace=${each.folder}`,
          '--pack-destination',
          folder,
        ],
        { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
      ),
    ),
  );
  if (packed === undefined) return fail(`npm packed nothing of ${each.folder}`);
  return { ...each, file: packed.filename, integrity: packed.integrity };
});
writeFileSync(join(folder, 'release.json'), `${JSON.stringify(list, null, 2)}\n`);

function fail(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}
