import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { nodeFolder } from '../support/node-versions.ts';
import { prebuildAddon } from '../support/prebuild.ts';
import type { DebianArchitecture } from './kernels.ts';
import { Missing } from './missing.ts';
import { foreignBusybox } from './packages.ts';
import { root } from './paths.ts';

/** What differs between the machines that are emulated. */
export interface Architecture {
  emulator: string;
  /** The Debian package that has it. */
  emulatorPackage: string;
  machine: string[];
  console: string;
  /** The serial port that hands out, in QEMU and in the guest. */
  secondPort: { arguments: (file: string) => string[]; device: string };
  compiler: string;
  /** The addons that the guest's Node can load, below the addon's folder. */
  addons: string;
  /** @throws Missing */
  programs(): Promise<Programs>;
}

export interface Programs {
  node: string;
  /** Shared libraries that Node needs: where they are here, by where the dynamic loader asks for them. */
  libraries: Map<string, string>;
  /** A static one. */
  busybox: string;
}

const amd64: Architecture = {
  emulator: 'qemu-system-x86_64',
  emulatorPackage: 'qemu-system-x86',
  // QEMU 7.2 leaves garbage in the flags after cmpxchg16b, and a kernel that uses it crashes at random.
  machine: ['-machine', 'pc,accel=tcg', '-cpu', 'Nehalem,cx16=off'],
  console: 'ttyS0',
  secondPort: { arguments: (file) => ['-serial', `file:${file}`], device: '/dev/ttyS1' },
  compiler: 'cc',
  addons: '{build/Release,prebuilds/linux-x64}/*.node',
  async programs() {
    const node = join(root, 'node_modules/node/bin/node');
    const listing = execFileSync('ldd', [node], { encoding: 'utf8' });
    const paths = [...listing.matchAll(/(\/\S+) \(0x/g)].map(([, path]) => path as string);
    return { node, libraries: new Map(paths.map((path) => [path, path])), busybox: ownBusybox() };
  },
};

/** With what Debian's cross compiler brings. */
const arm64: Architecture = {
  emulator: 'qemu-system-aarch64',
  emulatorPackage: 'qemu-system-arm',
  machine: ['-machine', 'virt,accel=tcg,gic-version=3', '-cpu', 'cortex-a72'],
  console: 'ttyAMA0',
  // The board has one port.
  secondPort: {
    arguments: (file) => [
      ...['-chardev', `file,id=handout,path=${file}`],
      ...['-device', 'pci-serial,chardev=handout'],
    ],
    device: '/dev/ttyS0',
  },
  compiler: 'aarch64-linux-gnu-gcc',
  addons: 'prebuilds/linux-arm64/*.node',
  async programs() {
    const folder = '/usr/aarch64-linux-gnu/lib';
    if (!existsSync(join(folder, 'libstdc++.so.6')))
      throw new Missing('no compiler for arm64 here: install g++-aarch64-linux-gnu');
    const node = join(nodeFolder('24', 'arm64'), 'node');
    prebuildAddon({ CXX: 'aarch64-linux-gnu-g++' });
    const libraries = neededLibraries(node, folder);
    return { node, libraries, busybox: await foreignBusybox('arm64') };
  },
};

export const architectures: Record<DebianArchitecture, Architecture> = { amd64, arm64 };

function ownBusybox(): string {
  const file = '/bin/busybox';
  // ldd(1) fails on a static program.
  if (!existsSync(file) || spawnSync('ldd', [file]).status === 0)
    throw new Missing('no static busybox here: install busybox-static');
  return file;
}

/** As ldd(1) says, for a program that this machine cannot run. */
function neededLibraries(file: string, folder: string, found = new Map<string, string>()) {
  const listing = execFileSync('readelf', ['-d', file], { encoding: 'utf8' });
  for (const [, name = ''] of listing.matchAll(/\(NEEDED\).*\[(.*)\]/g)) {
    const library = join(folder, name);
    if (found.has(`/lib/${name}`)) continue;
    found.set(`/lib/${name}`, library);
    neededLibraries(library, folder, found);
  }
  return found;
}
