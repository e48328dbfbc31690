import { execFile } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DebianArchitecture, KernelSeries } from './kernels.ts';
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

/** A static busybox for another architecture than this machine's, kept like an image. @throws Missing */
export async function foreignBusybox(architecture: DebianArchitecture): Promise<string> {
  const kept = join(cacheFolder, `busybox-${architecture}`);
  if (existsSync(kept)) return kept;
  return orMissing(`no busybox for ${architecture} from Debian`, async () => {
    const apt = await privateApt('bookworm', architecture);
    const work = await mkdtemp(join(cacheFolder, 'fetch-'));
    try {
      await unpack(apt, ['busybox-static'], work);
      await rename(globSync(join(work, 'root/{,usr/}bin/busybox')).at(0) as string, kept);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
    return kept;
  });
}

function cachedImage(series: KernelSeries): KernelImage | undefined {
  const file = globSync(join(cacheFolder, 'images', series.name, '*')).at(0);
  return file === undefined ? undefined : { package: file.slice(file.lastIndexOf('/') + 1), file };
}

function fetchImage(series: KernelSeries): Promise<KernelImage> {
  return orMissing(`no kernel ${series.name} from Debian ${series.suite}`, async () => {
    const apt = await privateApt(series.suite, series.architecture);
    const name = await newestPackage(apt, series);
    const work = await mkdtemp(join(cacheFolder, 'fetch-'));
    try {
      await unpack(apt, await namesOf(apt, name), work);
      const image = globSync(join(work, 'root/{boot,usr/lib/modules/*}/vmlinuz*')).at(0);
      if (image === undefined) throw new Error(`${name} holds no vmlinuz`);
      const folder = join(cacheFolder, 'images', series.name);
      await mkdir(folder, { recursive: true });
      const [archive = name] = globSync(`${name}_*.deb`, { cwd: work });
      await rename(image, join(folder, archive.replace(/_[a-z0-9]+\.deb$/, '')));
    } finally {
      await rm(work, { recursive: true, force: true });
    }
    return cachedImage(series) as KernelImage;
  });
}

/** The options that make apt-get and apt-cache work in a folder of the cache, apart from the machine's own sources. */
async function privateApt(suite: string, architecture: DebianArchitecture): Promise<string[]> {
  const folder = join(cacheFolder, 'apt', `${suite}-${architecture}`);
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
    `deb [arch=${architecture} signed-by=${keyring}] ${mirror} ${suite} main\n`,
  );
  const options = [
    ...['-o', `Dir=${folder}`, '-o', `Dir::State::status=${status}`],
    ...['-o', `APT::Architecture=${architecture}`, '-o', 'APT::Sandbox::User=root'],
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
async function namesOf(apt: string[], name: string): Promise<string[]> {
  const binary = name.replace('linux-image-', 'linux-binary-');
  const { stdout } = await run('apt-cache', [...apt, 'depends', name]);
  return stdout.includes(binary) ? [name, binary] : [name];
}

/** Into the folder `root` of `folder`. */
async function unpack(apt: string[], names: string[], folder: string): Promise<void> {
  await run('apt-get', [...apt, '-qq', 'download', ...names], { cwd: folder });
  for (const archive of globSync(join(folder, '*.deb')))
    await run('dpkg-deb', ['-x', archive, join(folder, 'root')]);
}
