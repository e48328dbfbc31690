import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { compileStatic } from '../../support/compile.ts';
import { buildFolder, root } from '../../support/paths.ts';

/**
 * The test of the node on cgroup v2 and a newer kernel, on a machine that has v1: in a User-mode Linux, a kernel that is a
 * program, with this machine's files read-only as its root. Needs root, apt(8) and what test/node needs; Debian sid's kernel
 * is downloaded, for those before 6.10 do not run on processors with much vector state. Arguments are vitest's.
 */
const folder = join(buildFolder, 'uml');
if (!existsSync(join(folder, 'root/usr/bin/linux.uml'))) download();
compileStatic(join(root, 'test/support/node/hog.c'));

// The kernel is of another C library than the machine: it runs in a root of its own, and finds the machine's in it.
const start = `mount --rbind / "$0/host"; mount --rbind /dev "$0/dev"; mount --rbind /proc "$0/proc"
  exec chroot "$0" /usr/bin/linux.uml "$@"`;
const environment = {
  UML: folder,
  CHECKOUT: root,
  CI: '1',
  NO_COLOR: '1',
  OOMWATCHER_REQUIRE_ALL: '1',
  NODE_TEST_ARGUMENTS: process.argv.slice(2).join(' '),
  ...Object.fromEntries(
    ['PATH', 'KUBEBUILDER_ASSETS', 'OOMWATCHER_KUBELET', 'CNI_PATH', 'OOMWATCHER_LONG'].map(
      (name) => [name, process.env[name] ?? ''],
    ),
  ),
};
// The command line of a kernel takes no spaces: what init gets is in a file.
const init = join(folder, 'init');
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
writeFileSync(
  init,
  [
    '#!/bin/sh',
    ...Object.entries(environment).map(([name, value]) => `export ${name}=${quoted(value)}`),
    `exec sh ${quoted(join(import.meta.dirname, 'init.sh'))}`,
    '',
  ].join('\n'),
  { mode: 0o755 },
);
const kernel = spawn(
  'setpriv',
  [
    ...['--pdeathsig', 'KILL', 'unshare', '--mount', 'sh', '-ec', start, join(folder, 'root')],
    ...['mem=3G', 'rootfstype=hostfs', 'rootflags=/host', 'ro', `init=${init}`, 'seccomp=on'],
    ...['uml_dir=/tmp', 'con=null', 'con0=null,fd:1', 'quiet'],
  ],
  {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH, TMPDIR: '/dev/shm', HOME: '/tmp' },
  },
);
let status = 1;
for await (const line of createInterface(kernel.stdout)) {
  console.log(line);
  const ended = /the test of the node ended with (\d+)/.exec(line);
  if (ended !== null) status = Number(ended[1]);
}
if (kernel.exitCode === null && kernel.signalCode === null) await once(kernel, 'exit');
process.exitCode = status;

function download(): void {
  rmSync(folder, { recursive: true, force: true });
  const at = (path: string) => join(folder, path);
  for (const made of [
    'apt/lists/partial',
    'apt/archives/partial',
    'lib',
    'root/host',
    'root/dev',
    'root/proc',
    'root/tmp',
  ])
    mkdirSync(at(made), { recursive: true });
  const keys = '/usr/share/keyrings/debian-archive-keyring.gpg';
  writeFileSync(
    at('apt/sources.list'),
    `deb [signed-by=${keys}] http://deb.debian.org/debian sid main\n`,
  );
  const options = [
    ...['-o', `Dir::Etc::sourcelist=${at('apt/sources.list')}`, '-o', 'Dir::Etc::sourceparts=-'],
    ...['-o', `Dir::State::lists=${at('apt/lists')}`, '-o', 'APT::Sandbox::User=root'],
    ...['-o', `Dir::Cache=${at('apt')}`, '-qq'],
  ];
  const apt = (...args: string[]) =>
    execFileSync('apt-get', args, { cwd: at('apt'), stdio: ['ignore', 'inherit', 'inherit'] });
  const unpack = (name: string, into: string) =>
    execFileSync('sh', ['-c', 'for each in $0_*.deb; do dpkg -x "$each" "$1"; done', name, into], {
      cwd: at('apt'),
    });
  apt(...options, 'update');
  apt(...options, 'download', 'user-mode-linux', 'libc6');
  // Of the machine's own release: they run on it.
  apt('-qq', 'download', 'kmod', 'libkmod2');
  for (const name of ['user-mode-linux', 'libc6']) unpack(name, at('root'));
  for (const [name, target] of Object.entries({ lib: 'usr/lib', lib64: 'usr/lib64' }))
    if (!existsSync(at(`root/${name}`))) symlinkSync(target, at(`root/${name}`));
  for (const name of ['kmod', 'libkmod2']) unpack(name, folder);
  // One program of several names.
  symlinkSync(existsSync(at('bin/kmod')) ? 'bin/kmod' : 'usr/bin/kmod', at('modprobe'));
  renameSync(at('root/usr/lib/uml/modules'), at('lib/modules'));
}
