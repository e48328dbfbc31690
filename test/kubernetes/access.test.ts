import { once } from 'node:events';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { temporaryFolder } from '../../packages/kmsg/test/support/temporary.ts';
import { ApiClient, TransportError } from '../../packages/kubernetes/src/client.js';
import { loadConfiguration } from '../../packages/kubernetes/src/configuration.js';
import { type Access, grant } from '../support/kube/access.ts';
import { realApiServer } from '../support/kube/assets.ts';
import { makeCertificates } from '../support/kube/certificates.ts';
import { sharedApiServer } from '../support/kube/shared.ts';
import { builtAgent, needs } from '../support/needs.ts';

needs(builtAgent, realApiServer).describe('the access to an API server', () => {
  const server = sharedApiServer();
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.useRealTimers();
  });

  const listPods = async (client: ApiClient) =>
    (await client.request({ method: 'GET', path: '/api/v1/pods' })).status;

  /** As in a pod with a ServiceAccount. */
  function inCluster(token: string, ca = server().certificates.ca) {
    const prefix = temporaryFolder();
    const account = join(prefix, 'var/run/secrets/kubernetes.io/serviceaccount');
    mkdirSync(account, { recursive: true });
    const setToken = (value: string) => writeFileSync(join(account, 'token'), value);
    const setCa = (file: string) => copyFileSync(file, join(account, 'ca.crt'));
    setToken(token);
    setCa(ca);
    const { hostname, port } = new URL(server().url);
    vi.stubEnv('KUBECONFIG', '');
    vi.stubEnv('KUBERNETES_SERVICE_HOST', hostname);
    vi.stubEnv('KUBERNETES_SERVICE_PORT', port);
    const client = new ApiClient(
      () => loadConfiguration({ serviceAccountPrefix: prefix }),
      '1.2.3',
    );
    onTestFinished(() => client.close());
    return { client, setToken, setCa };
  }

  it('goes on with the token that has taken the place of a refused one', async () => {
    const old = await grant(server(), ['list pods']);
    const { client, setToken } = inCluster(old.token);
    expect(await listPods(client)).toBe(200);
    await server().do('DELETE', `/api/v1/namespaces/default/serviceaccounts/${old.user}`);
    setToken((await grant(server(), ['list pods'])).token);
    // The server may know the old one for some seconds yet; what follows the first refusal carries the new one.
    await expect.poll(() => listPods(client), { interval: 200 }).toBe(401);
    expect(await listPods(client)).toBe(200);
  });

  it('carries a token that was rotated within a minute, before the old one ends', async () => {
    const mayNot = await grant(server(), []);
    const { client, setToken } = inCluster(mayNot.token);
    expect(await listPods(client)).toBe(403);
    setToken((await grant(server(), ['list pods'])).token);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 });
    expect(await listPods(client)).toBe(200);
  });

  it("follows the cluster's certificate authority when it is replaced", async () => {
    const { token } = await grant(server(), ['list pods']);
    // As after a rotation: the authority that was read at the start does not fit any more.
    const { client, setCa } = inCluster(token, makeCertificates(temporaryFolder()).ca);
    await expect(listPods(client)).rejects.toThrow(TransportError);
    setCa(server().certificates.ca);
    expect(await listPods(client)).toBe(200);
  });

  /** A proxy that tunnels (CONNECT), and the hosts that it was asked for. */
  async function tunnel() {
    const asked: string[] = [];
    const proxy = createServer().on('connect', (request, socket) => {
      asked.push(request.url ?? '');
      const [host, port] = (request.url ?? '').split(':');
      const upstream = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(socket).pipe(upstream);
      });
      for (const end of [socket, upstream]) end.on('error', () => {});
      onTestFinished(() => void upstream.destroy());
    });
    await once(proxy.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void proxy.close());
    return { asked, url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` };
  }

  function clientOf({ kubeconfig }: Access): ApiClient {
    const client = new ApiClient(() => loadConfiguration({ kubeconfig }), '1.2.3');
    onTestFinished(() => client.close());
    return client;
  }

  it('goes through HTTPS_PROXY, and past it for what NO_PROXY names', async () => {
    const access = await grant(server(), ['list pods']);
    const { asked, url } = await tunnel();
    const { host } = new URL(server().url);
    vi.stubEnv('NO_PROXY', '');
    vi.stubEnv('no_proxy', '');
    vi.stubEnv('HTTPS_PROXY', url);
    vi.stubEnv('https_proxy', url);
    expect(await listPods(clientOf(access))).toBe(200);
    expect(asked).toEqual([host]);
    for (const names of ['127.0.0.1', 'localhost,127.0.0.1', '127.0.0.1-127.0.0.9', '*']) {
      vi.stubEnv('NO_PROXY', names);
      vi.stubEnv('no_proxy', names);
      expect(await listPods(clientOf(access)), names).toBe(200);
    }
    expect(asked).toEqual([host]);
  });
});
