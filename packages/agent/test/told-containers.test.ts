import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workloadKey, workloadOf } from '@oomwatcher/oom';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';
import { bareKill } from '../../oom/test/support/kills.js';
import { ToldContainers } from '../src/runtime/containers/told-containers.js';

const id = `${'c0ffee'.repeat(10)}abcd`;
const compose = { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'web' };
const nowhere = { docker: '/no/such', podman: ['/no/such'], containerd: '/no/such' };

/** As a real runtime of this version wrote it. */
const fixture = (name: string) =>
  readFileSync(join(import.meta.dirname, 'fixtures/containers', name), 'utf8');

/** A folder with one file. */
function withFile(path: string, content: string): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), content);
  return folder;
}

const killed = (victim: string, runtime: string | undefined = 'docker', name = id) => ({
  ...bareKill,
  container: { id: name, ...(runtime !== '' && { runtime }) },
  cgroup: { victim },
});

const workloadIn = (kill: Parameters<typeof workloadOf>[0]) => {
  const workload = workloadOf(kill);
  return workload && workloadKey(workload);
};

describe('Docker', () => {
  const scope = `/system.slice/docker-${id}.scope`;
  const docker = (content: string) =>
    new ToldContainers({ ...nowhere, docker: withFile(`${id}/config.v2.json`, content) });
  const config = (labels: object = {}, more: object = {}) =>
    JSON.stringify({
      ID: id,
      Name: '/shop-web-1',
      Config: { Image: 'registry.example.org:5000/shop/web:1.2', Labels: labels },
      ...more,
    });
  const named = {
    id,
    runtime: 'docker',
    name: 'shop-web-1',
    image: 'registry.example.org:5000/shop/web:1.2',
  };

  test.each([
    scope,
    `/docker/${id}`,
    `/docker/${id}/init`,
    `/shop.slice/shop-web.slice/docker-${id}.scope`,
  ])('a kill in %s is of the container with the name that its user gave it', (path) => {
    const kill = docker(config()).enrich(killed(path));
    expect(kill.container).toEqual(named);
    expect(workloadIn(kill)).toBe('container shop-web-1');
  });

  test.each([
    [
      'docker-20.10.24',
      '01bcf1740a570882a9cc9cc1d4627d83fe149a7c0f61e3b39a94d61167d5fa5a',
      '/docker/',
      { name: 'shop-web-1', image: 'shop/web:1.2', compose: { project: 'shop', service: 'web' } },
    ],
    [
      'docker-20.10.24-cgroup-parent',
      '865c775b074c3fa76f263ac235aecc3f65c09233bf365041d07c5f8895a409d6',
      '/shop-builds/',
      { name: 'shop-parent', image: 'shop/web:1.2' },
    ],
  ])('%s is understood', (name, container, parent, told) => {
    const file = fixture(`${name}.config.v2.json`);
    const folder = withFile(`${container}/config.v2.json`, file);
    const kill = killed(`${parent}${container}`, parent === '/docker/' ? 'docker' : '', container);
    expect(new ToldContainers({ ...nowhere, docker: folder }).enrich(kill).container).toEqual({
      id: container,
      runtime: 'docker',
      ...told,
    });
  });

  test('a service of Compose goes before the name of one of its containers', () => {
    const kill = docker(config(compose)).enrich(killed(scope));
    expect(kill.container).toEqual({ ...named, compose: { project: 'shop', service: 'web' } });
    expect(workloadIn(kill)).toBe('service shop/web');
  });

  test('a cgroup that only its id tells of is Docker’s if Docker has the container: --cgroup-parent', () => {
    const kill = docker(config()).enrich(killed(`/builds/${id}`, ''));
    expect(kill.container).toEqual(named);
    const unknown = killed(`/builds/${id}`, '');
    expect(new ToldContainers(nowhere).enrich(unknown)).toBe(unknown);
  });

  test.each([
    [
      'a cgroup that a user may have made',
      config(),
      `/user.slice/user-1000.slice/docker-${id}.scope`,
    ],
    ['one in a slice of a user', config(), `/user.slice/docker-${id}.scope`],
    ['one that a service may have made', config(), `/system.slice/ci.service/docker-${id}.scope`],
    ['one in a user’s folder of v1', config(), `/a/b/${id}`],
    ['no JSON', '{', scope],
    ['null', 'null', scope],
    ['a list', '[]', scope],
    ['other types', JSON.stringify({ Name: 7, Config: { Image: {}, Labels: [] } }), scope],
    ['a file that is too big', `${config()}${' '.repeat(1024 * 1024)}`, scope],
  ])('of %s nothing is believed', (_, content, path) => {
    const kill = killed(path);
    expect(docker(content).enrich(kill)).toBe(kill);
  });

  test.each([
    ['a name', { Name: '/a\x1b[2J' }],
    ['an image', { Config: { Image: 'a b\n' } }],
    ['a label', { Config: { Labels: { ...compose, 'com.docker.compose.project': '\u202e' } } }],
  ])('%s that is none is left out, and the rest is told', (_, more) => {
    const { container } = docker(config({}, { Config: { Image: 'nginx' }, ...more })).enrich(
      killed(scope),
    );
    expect(JSON.stringify(container)).not.toMatch(/\\u001b|\\n|\u202e/);
    expect(container?.name ?? container?.image).toBeDefined();
  });

  test('a FIFO and a link in the place of the file hold up nobody', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, id));
    expect(spawnSync('mkfifo', [join(folder, id, 'config.v2.json')]).status).toBe(0);
    const linked = '1'.repeat(64);
    mkdirSync(join(folder, linked));
    symlinkSync('/etc/passwd', join(folder, linked, 'config.v2.json'));
    const containers = new ToldContainers({ ...nowhere, docker: folder });
    for (const kill of [killed(scope), killed(`/docker/${linked}`, 'docker', linked)]) {
      expect(containers.enrich(kill)).toBe(kill);
    }
  });

  test('a container of a pod, and what is none, is left alone', () => {
    const containers = docker(config());
    for (const kill of [{ ...killed(scope), pod: { uid: 'u' } }, bareKill]) {
      expect(containers.enrich(kill)).toBe(kill);
    }
  });

  test('no more containers are remembered than the bound', () => {
    const folder = withFile(`${id}/config.v2.json`, config());
    const containers = new ToldContainers({ ...nowhere, docker: folder });
    const nameNow = () => containers.enrich(killed(scope)).container?.name;
    expect(nameNow()).toBe('shop-web-1');
    // Forgotten, it is read again: now it is called otherwise.
    writeFileSync(join(folder, id, 'config.v2.json'), config({}, { Name: '/renamed' }));
    expect(nameNow()).toBe('shop-web-1');
    for (let i = 0; i < 1024; i++) {
      const other = i.toString(16).padStart(64, '0');
      containers.enrich(killed(`/docker/${other}`, 'docker', other));
    }
    expect(nameNow()).toBe('renamed');
  });
});

describe('Podman', () => {
  const list = (more: object = {}) =>
    JSON.stringify([
      { id: '0'.repeat(64), names: ['other'], image: '' },
      {
        id,
        names: ['web'],
        image: 'f'.repeat(64),
        metadata: JSON.stringify({ 'image-name': 'localhost/shop/web:1.2', name: 'web' }),
        ...more,
      },
    ]);
  const podman = (content: string) =>
    new ToldContainers({
      ...nowhere,
      podman: ['/no/such', withFile('overlay-containers/containers.json', content)],
    });

  test.each([
    `/machine.slice/libpod-${id}.scope`,
    `/machine.slice/libpod-${id}.scope/container`,
    `/machine.slice/machine-libpod_pod_${'a'.repeat(64)}.slice/libpod-${id}.scope`,
    `/libpod_parent/libpod-${id}`,
    `/libpod_parent/${'a'.repeat(64)}/libpod-${id}`,
  ])('a kill in %s is of the container with its name and image', (path) => {
    const kill = podman(list()).enrich(killed(path, 'podman'));
    expect(kill.container).toEqual({
      id,
      runtime: 'podman',
      name: 'web',
      image: 'localhost/shop/web:1.2',
    });
  });

  test('is understood as 4.3.1 writes, also of a container that is removed at its end', () => {
    const containers = new ToldContainers({
      ...nowhere,
      podman: [withFile('vfs-containers/containers.json', fixture('podman-4.3.1.containers.json'))],
    });
    const image = 'localhost/shop/web:1.2';
    for (const [container, name] of [
      ['69c3c0ee1b97b7498a6a0e1a4c66bd663e183b685ef1e38e014d93d21e90a48c', 'shop-db'],
      ['1cd1e686a92cb2e837b93b6ee898b5826bd388dc123febed856159742a06d504', 'shop-web'],
    ] as const) {
      const kill = killed(`/libpod_parent/libpod-${container}`, 'podman', container);
      expect(containers.enrich(kill).container).toMatchObject({ name, image });
    }
  });

  test.each([
    [
      'of a user',
      list(),
      `/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${id}.scope`,
    ],
    ['that the list has not', '[]', `/machine.slice/libpod-${id}.scope`],
    ['without a name', list({ names: null }), `/machine.slice/libpod-${id}.scope`],
    ['of no list', '{}', `/machine.slice/libpod-${id}.scope`],
  ])('a container %s has its id', (_, content, path) => {
    const kill = killed(path, 'podman');
    expect(podman(content).enrich(kill)).toBe(kill);
  });

  test('a container whose image is told in no known way has its name', () => {
    const kill = podman(list({ metadata: '{' })).enrich(
      killed(`/libpod_parent/libpod-${id}`, 'podman'),
    );
    expect(kill.container).toEqual({ id, runtime: 'podman', name: 'web' });
  });
});

describe('containerd without Kubernetes', () => {
  // By nerdctl's documentation (pkg/labels, pkg/cmd/container/create.go): not from a real run.
  const config = JSON.stringify({
    annotations: { 'nerdctl/name': 'web', 'nerdctl/namespace': 'default' },
  });

  test.each([
    [`/default/${id}`, 'default'],
    [`/buildkit/${id}`, 'buildkit'],
    [`/system.slice/nerdctl-${id}.scope`, 'default'],
  ])('a kill in %s is of the container with nerdctl’s name', (path, namespace) => {
    const containerd = withFile(`${namespace}/${id}/config.json`, config);
    const kill = new ToldContainers({ ...nowhere, containerd }).enrich(killed(path, 'containerd'));
    expect(kill.container).toEqual({ id, runtime: 'containerd', name: 'web' });
  });

  test('what ctr(8) starts is called by its id', () => {
    const containerd = withFile('default/db/config.json', '{"annotations":null}');
    const kill = killed('/default/db', 'containerd', 'db');
    expect(new ToldContainers({ ...nowhere, containerd }).enrich(kill)).toBe(kill);
    expect(workloadIn(kill)).toBe('container db');
  });
});
