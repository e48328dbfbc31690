import { execFile } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { KernelSeries } from './kernels.ts';
import { orMissing } from './missing.ts';
import { cacheFolder } from './paths.ts';

const run = promisify(execFile);
const mirror = 'http://deb.debian.org/debian';
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** A bootable image in the cache; `package` is its name with its version. */
export interface KernelImage {
  package: string;
  file: string;
}

/** From the cache, otherwise downloaded and unpacked, never installed. @throws Missing */
export async function kernelImage(series: KernelSeries): Promise<KernelImage> {
  return cachedImage(series) ?? (await fetchImage(series));
}

function cachedImage(series: KernelSeries): KernelImage | undefined {
  const file = globSync(join(cacheFolder, 'images', series.name, '*')).at(0);
  return file === undefined ? undefined : { package: file.slice(file.lastIndexOf('/') + 1), file };
}

function fetchImage(series: KernelSeries): Promise<KernelImage> {
  return orMissing(`no kernel ${series.name} from Debian ${series.suite}`, async () => {
    const apt = await privateApt(series.suite);
    const name = await newestPackage(apt, series);
    const work = await mkdtemp(join(cacheFolder, 'fetch-'));
    try {
      await download(apt, name, work);
      for (const archive of globSync(join(work, '*.deb')))
        await run('dpkg-deb', ['-x', archive, join(work, 'root')]);
      const image = globSync(join(work, 'root/{boot,usr/lib/modules/*}/vmlinuz*')).at(0);
      if (image === undefined) throw new Error(`${name} holds no vmlinuz`);
      const folder = join(cacheFolder, 'images', series.name);
      await mkdir(folder, { recursive: true });
      const [archive = name] = globSync(`${name}_*.deb`, { cwd: work });
      await rename(image, join(folder, archive.replace(/_amd64\.deb$/, '')));
    } finally {
      await rm(work, { recursive: true, force: true });
    }
    return cachedImage(series) as KernelImage;
  });
}

/** The options that make apt-get and apt-cache work in a folder of the cache, apart from the machine's own sources. */
async function privateApt(suite: string): Promise<string[]> {
  const folder = join(cacheFolder, 'apt', suite);
  const status = join(folder, 'var/lib/dpkg/status');
  for (const part of [
    'etc/apt/apt.conf.d',
    'etc/apt/preferences.d',
    'etc/apt/sources.list.d',
    'var/lib/apt/lists/partial',
    'var/cache/apt/archives/partial',
    'var/lib/dpkg',
  ])
    await mkdir(join(folder, part), { recursive: true });
  await writeFile(status, '');
  await writeFile(
    join(folder, 'etc/apt/sources.list'),
    `deb [arch=amd64 signed-by=${keyring}] ${mirror} ${suite} main\n`,
  );
  const options = [
    ...['-o', `Dir=${folder}`, '-o', `Dir::State::status=${status}`],
    ...['-o', 'APT::Architecture=amd64', '-o', 'APT::Sandbox::User=root'],
    ...['-o', 'Acquire::Languages=none', '-o', 'Acquire::Retries=2'],
  ];
  if (!existsSync(keyring))
    throw new Error(`${keyring} is not here: install debian-archive-keyring`);
  await run('apt-get', [...options, '-o', 'APT::Update::Error-Mode=any', '-qq', 'update']);
  return options;
}

async function newestPackage(apt: string[], series: KernelSeries): Promise<string> {
  const { stdout } = await run('apt-cache', [...apt, 'pkgnames', 'linux-image-']);
  const byVersion = new Intl.Collator('en', { numeric: true }).compare;
  const name = stdout
    .split('\n')
    .filter((candidate) => series.packages.test(candidate))
    .sort(byVersion)
    .at(-1);
  if (name === undefined) throw new Error('the suite has no such package');
  return name;
}

/** The package, and since Linux 7 the one that it only names: the image moved to linux-binary-*. */
async function download(apt: string[], name: string, folder: string): Promise<void> {
  const binary = name.replace('linux-image-', 'linux-binary-');
  const { stdout } = await run('apt-cache', [...apt, 'depends', name]);
  const names = stdout.includes(binary) ? [name, binary] : [name];
  await run('apt-get', [...apt, '-qq', 'download', ...names], { cwd: folder });
}
