import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Kill } from '@oomwatcher/oom';
import { compileStatic } from '../compile.ts';
import { hogImage } from '../node/image.ts';
import { runtimesFolder } from './assets.ts';
import type { PlainHost } from './plain-host.ts';

/** A container runtime of a plain host. */
export interface Runtime {
  runtime: string;
  prepare(host: PlainHost): Promise<void> | void;
  /** Runs the hog with a limit of 24 MiB in a container of that name. */
  start(host: PlainHost, name: string, args: string[]): void;
  remove(host: PlainHost, name: string): void;
  /** What a kill says of the container. */
  told(name: string): Partial<NonNullable<Kill['container']>>;
}

const limit = `${24 * 1024 * 1024}`;
const containerdSocket = '/run/containerd/containerd.sock';
const docker = ['docker', '-H', 'unix:///run/docker.sock'];
const podman = [
  ...[
    'podman',
    '--storage-driver',
    'vfs',
    '--cgroup-manager',
    'cgroupfs',
    '--events-backend',
    'none',
  ],
  // crun would not find its libraries.
  ...['--runtime', join(runtimesFolder() ?? '', 'usr/sbin/runc')],
];
const lxc = '/var/lib/lxc';

export const runtimes: Runtime[] = [
  {
    runtime: 'containerd',
    async prepare(host) {
      host.run('ctr', 'images', 'import', host.image);
    },
    start(host, name, args) {
      host.run('ctr', 'run', '-d', '--memory-limit', limit, hogImage, name, '/hog', ...args);
    },
    remove(host, name) {
      host.tryTo('ctr', 'tasks', 'kill', '-s', '9', name);
      host.tryTo('ctr', 'tasks', 'rm', name);
      host.tryTo('ctr', 'containers', 'rm', name);
    },
    told: (name) => ({ id: name }),
  },
  {
    runtime: 'docker',
    async prepare(host) {
      await host.daemon(
        [
          ...['dockerd', '--containerd', containerdSocket, '-H', 'unix:///run/docker.sock'],
          ...['--storage-driver', 'vfs', '--exec-opt', 'native.cgroupdriver=cgroupfs'],
          ...['--group', 'root', '--iptables=false', '--bridge=none'],
        ],
        [...docker, 'version'],
      );
      host.run(...docker, 'load', '-i', host.image);
    },
    start(host, name, args) {
      const labels = ['com.docker.compose.project=shop', 'com.docker.compose.service=web'];
      host.run(
        ...[...docker, 'run', '-d', '--name', name, '--network', 'none', '-m', limit],
        ...labels.flatMap((label) => ['--label', label]),
        ...['hog:test', ...args],
      );
    },
    remove: (host, name) => host.tryTo(...docker, 'rm', '-f', name),
    told: (name) => ({ name, image: 'hog:test', compose: { project: 'shop', service: 'web' } }),
  },
  {
    runtime: 'podman',
    prepare(host) {
      mkdirSync(host.at('/etc/containers'));
      const policy = { default: [{ type: 'insecureAcceptAnything' }] };
      writeFileSync(host.at('/etc/containers/policy.json'), JSON.stringify(policy));
      host.run(...podman, 'load', '-i', host.image);
    },
    start(host, name, args) {
      // More than the machine allows is podman's default.
      const few = ['--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1024:1024'];
      host.run(
        ...[...podman, 'run', '-d', '--name', name, '--network', 'none', '-m', limit, ...few],
        ...['hog:test', ...args],
      );
    },
    remove: (host, name) => host.tryTo(...podman, 'rm', '-f', '-t', '0', name),
    told: (name) => ({ name, image: 'docker.io/library/hog:test' }),
  },
  {
    runtime: 'lxc',
    prepare() {},
    start(host, name, args) {
      const container = host.at(join(lxc, name));
      for (const folder of ['rootfs/proc', 'rootfs/dev', 'mount'])
        mkdirSync(join(container, folder), { recursive: true });
      copyFileSync(compileStatic(hogSource), join(container, 'rootfs/hog'));
      const config = {
        'lxc.uts.name': name,
        'lxc.rootfs.path': `dir:${lxc}/${name}/rootfs`,
        'lxc.rootfs.mount': `${lxc}/${name}/mount`,
        'lxc.init.cmd': `/hog ${args.join(' ')}`,
        'lxc.net.0.type': 'empty',
        'lxc.autodev': '0',
        'lxc.cgroup.memory.limit_in_bytes': limit,
        'lxc.cgroup2.memory.max': limit,
      };
      const lines = Object.entries(config).map(([key, value]) => `${key} = ${value}\n`);
      writeFileSync(join(container, 'config'), lines.join(''));
      host.run('lxc-start', '-P', lxc, '-n', name, '-d', '-o', `${lxc}/${name}/log`);
    },
    remove: (host, name) => host.tryTo('lxc-stop', '-P', lxc, '-n', name, '-k'),
    told: (name) => ({ id: name }),
  },
];

const hogSource = join(import.meta.dirname, '../node/hog.c');
