import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';
import { loadConfiguration } from '../src/configuration.js';

afterEach(() => vi.unstubAllEnvs());

const cluster = (name: string, port: number) => ({
  name,
  cluster: { server: `https://127.0.0.1:${port}` },
});
const user = (name: string, token: string) => ({ name, user: { token } });
const context = (name: string, cluster: string, user: string) => ({
  name,
  context: { cluster, user },
});

/** A kubeconfig in JSON, which is YAML. */
function write(file: string, content: object): string {
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'Config', ...content }));
  return file;
}

describe('several files in KUBECONFIG', () => {
  function merged(...contents: object[]) {
    const folder = temporaryFolder();
    const files = contents.map((content, i) => write(join(folder, `${i}`), content));
    vi.stubEnv('KUBECONFIG', [join(folder, 'not-there'), ...files, ''].join(':'));
    const config = loadConfiguration();
    return [config.getCurrentCluster()?.server, config.getCurrentUser()?.token];
  }

  test('make one configuration: each may have a part of it', () => {
    const parts = [
      { clusters: [cluster('c', 1)] },
      { users: [user('u', 'secret')] },
      { contexts: [context('x', 'c', 'u')], 'current-context': 'x' },
    ];
    expect(merged(...parts)).toEqual(['https://127.0.0.1:1', 'secret']);
  });

  test('that say different things: the first counts', () => {
    const one = {
      clusters: [cluster('c', 1)],
      users: [user('u', 'first')],
      contexts: [context('x', 'c', 'u')],
      'current-context': 'x',
    };
    const other = {
      clusters: [cluster('c', 2), cluster('d', 3)],
      users: [user('u', 'second')],
      contexts: [context('x', 'd', 'u'), context('y', 'd', 'u')],
      'current-context': 'y',
    };
    expect(merged(one, other)).toEqual(['https://127.0.0.1:1', 'first']);
  });

  test('of which none is there are named', () => {
    vi.stubEnv('KUBECONFIG', '/nowhere/a:/nowhere/b');
    expect(() => loadConfiguration()).toThrow(
      /cannot read the kubeconfig \/nowhere\/a .*: check what KUBECONFIG names/,
    );
  });

  test('without a current context are refused with the remedy', () => {
    expect(() => merged({ clusters: [cluster('c', 1)] }, {})).toThrow(/set current-context/);
  });
});
