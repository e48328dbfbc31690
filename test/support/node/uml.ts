import { execFile } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { it } from 'vitest';
import { compileStatic } from '../compile.ts';
import { runtimesFolder } from '../hosts/assets.ts';
import { installed, needs, privateMounts, type Requirement } from '../needs.ts';
import { root } from '../paths.ts';

/** Where Debian's user-mode-linux and the libc that it needs are unpacked. */
const umlFolder = (): string | undefined => process.env.OOMWATCHER_UML;

const userModeLinux: Requirement = () =>
  existsSync(join(umlFolder() ?? '', 'usr/bin/linux.uml'))
    ? undefined
    : `needs User-mode Linux: usr/bin/linux.uml is not in ${umlFolder()}`;

/** What uml-systemd.sh starts there. */
export const systemdInUml: Requirement = () => {
  const machined = join(runtimesFolder() ?? '', 'lib/systemd/systemd-machined');
  if (!existsSync(machined)) return `needs systemd-machined: OOMWATCHER_RUNTIMES, ${machined}`;
  if (!existsSync('/lib/systemd/systemd')) return 'needs systemd';
  return installed('dbus-daemon', 'D-Bus')();
};

/** `describe` for tests that boot a kernel of their own. Who names none does not ask for them. */
export function umlTests(name: string, tests: () => void, ...more: Requirement[]): void {
  const python = installed('python3', 'Python');
  if (umlFolder() !== undefined)
    needs(userModeLinux, privateMounts, python, ...more).describe(name, tests);
  else it.skip(`${name} (skipped: needs User-mode Linux: OOMWATCHER_UML (CONTRIBUTING.md))`);
}

/**
 * Boots it with the machine's files as its root, has it run tests, and returns what it wrote. It sees no network.
 *
 * In a root of its own, for it needs its own libc; its memory is a file of /dev/shm there. hostfs gives it the machine's files
 * as they are, also in the place of /usr/lib/modules.
 *
 * @param first its first process
 */
export async function testsInUml(
  first: 'sh' | 'systemd',
  ...vitestArguments: string[]
): Promise<string> {
  const uml = umlFolder() ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'oomwatcher-uml-'));
  // A newer one would be written by the guest.
  compileStatic(join(import.meta.dirname, 'hog.c'));
  const [modules = ''] = globSync(join(uml, 'usr/lib/uml/modules/*/kernel'));
  const boot = `set -e
    mkdir -p "$0/usr" "$0/host" "$0/proc" "$0/dev" "$0/tmp" "$0/uml"
    ln -s usr/lib "$0/lib"; ln -s usr/lib64 "$0/lib64"
    mount --bind "$1/usr" "$0/usr"; mount --rbind / "$0/host"; mount -t proc proc "$0/proc"
    mount --rbind /dev "$0/dev"; mount -t tmpfs shm "$0/dev/shm"
    shift
    exec chroot "$0" /usr/bin/linux.uml "$@"`;
  const passedOn = [
    'PATH',
    'CNI_PATH',
    'KUBEBUILDER_ASSETS',
    'OOMWATCHER_INCUS',
    'OOMWATCHER_KUBELET',
    'OOMWATCHER_RUNTIMES',
  ];
  const command = [
    ...['mem=3G', 'seccomp=on', 'rootfstype=hostfs', 'rootflags=/host', 'rw', 'uml_dir=/uml/'],
    // Its own default would come behind `--`. kubelet takes no mount without a source.
    ...['root=98:0', 'con0=null,fd:1', 'con=null', 'ssl=null', 'quiet'],
    // Not /tmp, where the checkout may be.
    ...['HOME=/root', 'CI=1', 'OOMWATCHER_REQUIRE_ALL=1', 'TMPDIR=/dev/shm'],
    ...passedOn.map((name) => `${name}=${process.env[name] ?? ''}`),
    ...[`init=${join(import.meta.dirname, 'uml-guest.sh')}`, '--', root, modules],
    ...[vitestArguments.join(), first],
  ];
  try {
    const { stdout } = await promisify(execFile)(
      'unshare',
      ['--mount', 'sh', '-c', boot, folder, uml, ...command],
      {
        env: { ...process.env, HOME: '/uml', TMPDIR: '/dev/shm' },
        timeout: 1_200_000,
        killSignal: 'SIGKILL',
        maxBuffer: 64 * 1024 * 1024,
      },
      // It ends by abort(3) after it has powered off, for it finds no libgcc.
    ).catch((error: { stdout?: string }) => ({ stdout: error.stdout ?? String(error) }));
    return stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
