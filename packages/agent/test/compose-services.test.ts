import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workloadKey, workloadOf } from '@oomwatcher/oom';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';
import { bareKill } from '../../oom/test/support/kills.js';
import { ComposeServices } from '../src/runtime/compose-services.js';

const id = `${'c0ffee'.repeat(10)}abcd`;
const labels = { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'web' };

function folderWith(content: string): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, id));
  writeFileSync(join(folder, id, 'config.v2.json'), content);
  return folder;
}

const config = (more: object) =>
  JSON.stringify({ ID: id, Config: { Labels: { ...labels, ...more } } });
const killed = (victim: string, runtime = 'docker') => ({
  ...bareKill,
  container: { id, runtime },
  cgroup: { victim },
});
const scope = `/system.slice/docker-${id}.scope`;

test.each([scope, `/docker/${id}`, `/docker/${id}/init`])(
  'a kill in %s is of its service',
  (path) => {
    const kill = new ComposeServices(folderWith(config({}))).enrich(killed(path));
    expect(kill.container).toEqual({
      id,
      runtime: 'docker',
      compose: { project: 'shop', service: 'web' },
    });
    const workload = workloadOf(kill);
    expect(workload && workloadKey(workload)).toBe('service shop/web');
  },
);

test.each([
  [
    'a cgroup that a user may have made',
    config({}),
    `/user.slice/user-1000.slice/docker-${id}.scope`,
  ],
  ['no label', config({ 'com.docker.compose.service': undefined }), scope],
  ['a label that is no name', config({ 'com.docker.compose.project': 'a\x1b[2J' }), scope],
  ['another type', config({ 'com.docker.compose.project': 7 }), scope],
  ['no JSON', '{', scope],
  ['null', 'null', scope],
  ['a file that is too big', `${config({})}${' '.repeat(1024 * 1024)}`, scope],
])('of %s nothing is believed', (_, content, path) => {
  const kill = killed(path);
  expect(new ComposeServices(folderWith(content)).enrich(kill)).toBe(kill);
});

test('a container of a pod, of another runtime or of nobody is left alone', () => {
  const services = new ComposeServices(folderWith(config({})));
  for (const kill of [
    killed(scope, 'containerd'),
    { ...killed(scope), pod: { uid: 'u' } },
    bareKill,
  ]) {
    expect(services.enrich(kill)).toBe(kill);
  }
  const elsewhere = new ComposeServices('/no/such');
  const kill = killed(scope);
  for (let i = 0; i < 2000; i++) expect(elsewhere.enrich(kill)).toBe(kill);
});

test('no more containers are remembered than the bound', () => {
  const folder = folderWith(config({}));
  const services = new ComposeServices(folder);
  services.enrich(killed(scope));
  // Forgotten, it is read again: now it has another service.
  writeFileSync(join(folder, id, 'config.v2.json'), config({ 'com.docker.compose.service': 'db' }));
  const serviceNow = () => services.enrich(killed(scope)).container?.compose?.service;
  expect(serviceNow()).toBe('web');
  for (let i = 0; i < 1024; i++) {
    const other = i.toString(16).padStart(64, '0');
    services.enrich({
      ...killed(`/docker/${other}`),
      container: { id: other, runtime: 'docker' },
    });
  }
  expect(serviceNow()).toBe('db');
});
