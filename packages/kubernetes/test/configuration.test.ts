import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';
import { loadConfiguration } from '../src/configuration.js';
import { ConfigurationError } from '../src/configuration-error.js';

// Other tests load the machine.

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

describe('a kubeconfig with a mistake in it', () => {
  const secret = 'eyJhbGciOiJSUzI1NiJ9.c2VjcmV0';
  const wholeUser = { token: secret, tokenFile: '', exec: null };

  function messageOf(text: string): string {
    const file = join(temporaryFolder(), 'kubeconfig');
    writeFileSync(file, text);
    try {
      loadConfiguration({ kubeconfig: file });
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigurationError);
      return (error as Error).message;
    }
    return '';
  }

  test.each([
    [`users:\n- name: u\n  user:\n    token: "${secret}\\q"\n`, /not YAML at line 4/],
    [`users:\n- name: u\n  user:\n    token: *${secret}\n`, /not YAML at line 4/],
    [`users:\n- name: u\n  user: {token: ${secret}\n`, /not YAML at line/],
    [`token: ${secret}\n ${secret}: ${secret}\n`, /not YAML at line/],
    [`token: !<${secret}> x\n`, /not YAML|names no current cluster/],
    [secret, /the whole is not what a kubeconfig has there/],
    [`- ${secret}`, /names no current cluster|the whole is not/],
    [JSON.stringify({ users: [{ name: 'u', user: secret }] }), /users\.0\.user is not what/],
    [JSON.stringify({ users: { [secret]: 1 } }), /users is not what a kubeconfig has there/],
    [
      JSON.stringify({ users: [{ name: 'u', user: { token: [secret] } }] }),
      /users\.0\.user\.token is not/,
    ],
    [
      JSON.stringify({ users: [{ name: 'u', user: { exec: { command: 'x', args: secret } } }] }),
      /users\.0\.user\.exec\.args is not/,
    ],
    [JSON.stringify({ clusters: [{ name: 'c', cluster: { server: 7 } }] }), /cluster\.server is/],
    [JSON.stringify({ clusters: [{ name: '', cluster: { server: 'x' } }] }), /does not understand/],
    ['', /not YAML|names no current cluster/],
    ['null', /names no current cluster/],
    ['\0', /not YAML/],
  ])('says where, and nothing of its text: %j', (text, said) => {
    const message = messageOf(text);
    expect(message).toMatch(said);
    for (let at = 0; at + 8 <= secret.length; at++)
      expect(message).not.toContain(secret.slice(at, at + 8));
  });

  test('of another shape anywhere is refused or read, and throws nothing else', () => {
    const whole = {
      clusters: [cluster('c', 1)],
      users: [{ name: 'u', user: wholeUser }],
      contexts: [context('x', 'c', 'u')],
      'current-context': 'x',
    };
    const values = [null, 0, true, '', 'x', [], [null], {}, { a: null }];
    const harmed = fc.tuple(
      fc.constantFrom(
        ...['clusters', 'clusters.0', 'clusters.0.cluster', 'clusters.0.cluster.server'],
        ...['users', 'users.0', 'users.0.user', 'users.0.user.token', 'users.0.user.exec'],
        ...['contexts', 'contexts.0', 'contexts.0.context', 'contexts.0.context.cluster'],
        ...['current-context', 'clusters.0.cluster.certificate-authority-data'],
      ),
      fc.oneof(fc.constantFrom(...values), fc.jsonValue({ maxDepth: 3 })),
    );
    fc.assert(
      fc.property(harmed, ([place, value]) => {
        const copy = structuredClone(whole) as object;
        const keys = place.split('.');
        const last = keys.pop() as string;
        const parent = keys.reduce<object>((at, key) => Reflect.get(at, key) as object, copy);
        Reflect.set(parent, last, value);
        const file = join(folder, 'kubeconfig');
        writeFileSync(file, JSON.stringify(copy));
        try {
          loadConfiguration({ kubeconfig: file });
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigurationError);
        }
      }),
      { seed: 17, numRuns: 300 },
    );
  });

  let folder = '';
  beforeEach(() => {
    folder = temporaryFolder();
  });
});
