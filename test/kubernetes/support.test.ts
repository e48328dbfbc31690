import { existsSync, readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { grant, setRights } from '../support/kube/access.ts';
import { ApiServer } from '../support/kube/api-server.ts';
import { realApiServer } from '../support/kube/assets.ts';
import { FaultProxy } from '../support/kube/fault-proxy.ts';
import { createNode, createPod, uniqueName } from '../support/kube/objects.ts';
import { sharedApiServer } from '../support/kube/shared.ts';
import { needs } from '../support/needs.ts';

needs(realApiServer).describe('the API server of these tests', () => {
  const server = sharedApiServer();

  it('has nodes and pods that nobody else needs to run', async () => {
    const node = uniqueName('node');
    const uid = await createNode(server(), node);
    expect(uid).toMatch(/^[0-9a-f-]{36}$/);
    const pod = await createPod(server(), node, { containers: ['app', 'log'] });
    const { status } = await server().do<{ status: { containerStatuses: object[] } }>(
      'GET',
      `/api/v1/namespaces/default/pods/${pod.name}`,
    );
    expect(status.containerStatuses).toMatchObject([
      { name: 'app', containerID: `containerd://${pod.containerIds.app}` },
      { name: 'log', containerID: `containerd://${pod.containerIds.log}` },
    ]);
  });

  it('lets an identity do what it was granted, and no more', async () => {
    const node = uniqueName('node');
    await createNode(server(), node);
    const access = await grant(server(), ['get nodes']);
    const nodePath = `/api/v1/nodes/${node}`;
    expect((await get(server().url, nodePath, access.token)).status).toBe(200);
    expect((await get(server().url, '/api/v1/pods', access.token)).status).toBe(403);
    await setRights(server(), access, []);
    expect((await get(server().url, nodePath, access.token)).status).toBe(403);
  });

  it('can be reached through a proxy that does harm', async () => {
    await using proxy = await FaultProxy.start(server());
    const { token } = await grant(server(), ['get nodes', 'list pods']);
    const pods = () => get(proxy.url, '/api/v1/pods', token);
    expect((await pods()).status).toBe(200);

    proxy.fault = () => ({ kind: 'answer', status: 429, headers: { 'retry-after': '7' } });
    expect(await pods()).toMatchObject({ status: 429, retryAfter: '7' });
    for (const kind of ['reset', 'lost answer', 'cut'] as const) {
      proxy.fault = () => ({ kind });
      await expect(pods(), kind).rejects.toThrow();
    }
    proxy.fault = () => ({ kind: 'delay', ms: 200 });
    const begunMs = performance.now();
    expect((await pods()).status).toBe(200);
    expect(performance.now() - begunMs).toBeGreaterThan(195);

    proxy.fault = () => undefined;
    await proxy.goAway();
    await expect(pods()).rejects.toThrow('ECONNREFUSED');
    await proxy.comeBack();
    expect((await pods()).status).toBe(200);
    expect(proxy.count('GET', '/pods')).toBe(7);

    proxy.fallSilent();
    await expect(get(proxy.url, '/api/v1/pods', token, AbortSignal.timeout(300))).rejects.toThrow();
  });

  it('leaves nothing behind', async () => {
    const other = await ApiServer.start();
    const { folder, url } = other;
    await other[Symbol.asyncDispose]();
    expect(existsSync(folder)).toBe(false);
    await expect(get(url, '/', '')).rejects.toThrow();
  });

  async function get(url: string, path: string, token: string, signal?: AbortSignal) {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    request(
      `${url}${path}`,
      {
        ca: readFileSync(server().certificates.ca),
        headers: { authorization: `Bearer ${token}` },
        agent: false,
        ...(signal && { signal }),
      },
      resolve,
    )
      .on('error', reject)
      .end();
    const response = await promise;
    const body = await text(response);
    return { status: response.statusCode, body, retryAfter: response.headers['retry-after'] };
  }
});
