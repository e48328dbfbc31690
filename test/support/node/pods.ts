import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { V1Container, V1Pod, V1PodSpec, V1Volume } from '@kubernetes/client-node';
import { daemonSet } from '../deployment.ts';
import { adminKubeconfig } from '../kube/access.ts';
import type { ApiServer } from '../kube/api-server.ts';
import { kubectlProgram } from '../kube/assets.ts';
import { until } from '../kube/until.ts';
import { root } from '../paths.ts';
import { hogImage } from './image.ts';
import type { KubeNode } from './kube-node.ts';

const accessFolder = '/var/run/secrets/kubernetes.io/serviceaccount';

/** What admission gives a pod of a ServiceAccount (BoundServiceAccountTokenVolume). */
const access: V1Volume = {
  name: 'kube-api-access',
  projected: {
    sources: [
      { serviceAccountToken: { path: 'token', expirationSeconds: 3607 } },
      { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      {
        downwardAPI: {
          items: [{ path: 'namespace', fieldRef: { fieldPath: 'metadata.namespace' } }],
        },
      },
    ],
  },
};

/** Pods of one node, made by hand: there is no scheduler and no controller. */
export class Pods {
  readonly #server: ApiServer;
  readonly #node: KubeNode;

  constructor(server: ApiServer, node: KubeNode) {
    this.#server = server;
    this.#node = node;
  }

  /** Applies deploy/base. */
  async deployAgent(): Promise<void> {
    this.kubectl('apply', '-k', join(root, 'deploy/base'));
    await this.#server.do('POST', '/api/v1/namespaces/oomwatcher/configmaps', {
      metadata: { name: 'kube-root-ca.crt' },
      data: { 'ca.crt': readFileSync(this.#server.certificates.ca, 'utf8') },
    });
  }

  /**
   * A pod as the DaemonSet's controller makes it, and as admission adds to it. `standby`: with the probe that docs/kubernetes.md
   * has for `maxSurge`.
   */
  async createAgent({ standby = false } = {}): Promise<V1Pod> {
    const set = daemonSet('base');
    const { metadata, spec } = set.spec?.template ?? {};
    const made = await this.#server.do<V1Pod>(
      'GET',
      '/apis/apps/v1/namespaces/oomwatcher/daemonsets/oomwatcher',
    );
    const owner = {
      ...{ apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'oomwatcher' },
      ...{ uid: made.metadata?.uid ?? '', controller: true },
    };
    const withAccess = (container: V1Container) => ({
      ...container,
      ...(standby && { readinessProbe: { httpGet: { path: '/readyz?standby', port: 'http' } } }),
      volumeMounts: [
        ...(container.volumeMounts ?? []),
        { name: access.name, mountPath: accessFolder, readOnly: true },
      ],
    });
    return this.#create('oomwatcher', {
      metadata: { ...metadata, generateName: 'oomwatcher-', ownerReferences: [owner] },
      spec: {
        ...(spec as V1PodSpec),
        containers: (spec?.containers ?? []).map(withAccess),
        volumes: [...(spec?.volumes ?? []), access],
      },
    });
  }

  /** Of namespace default. */
  create(name: string, spec: V1PodSpec): Promise<V1Pod> {
    return this.#create('default', { metadata: { name }, spec });
  }

  #create(namespace: string, { metadata, spec }: V1Pod): Promise<V1Pod> {
    return this.#server.do('POST', `/api/v1/namespaces/${namespace}/pods`, {
      metadata,
      spec: {
        terminationGracePeriodSeconds: 1,
        automountServiceAccountToken: false,
        ...spec,
        nodeName: this.#node.name,
      },
    });
  }

  async get(pod: V1Pod): Promise<V1Pod | undefined> {
    const { status, body } = await this.#server.call<V1Pod>('GET', pathOf(pod));
    return status === 200 ? body : undefined;
  }

  async isReady(pod: V1Pod): Promise<boolean> {
    const conditions = (await this.get(pod))?.status?.conditions ?? [];
    return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
  }

  /** The pod as it is then. */
  async ready(pod: V1Pod): Promise<V1Pod> {
    await until(`${pod.metadata?.name} is ready`, () => this.isReady(pod)).catch((error) => {
      const described = this.describe(pod);
      throw new Error(`${error.message}\n${described}\n${this.#node.logTails()}`);
    });
    return (await this.get(pod)) as V1Pod;
  }

  /** Deletes it and waits until kubelet has ended it; with a grace period of 0 it is forgotten before. */
  async delete(pod: V1Pod, graceS?: number): Promise<void> {
    const grace = graceS === undefined ? '' : `?gracePeriodSeconds=${graceS}`;
    await this.#server.do('DELETE', `${pathOf(pod)}${grace}`);
    await this.#gone(pod);
  }

  /** Asks for its eviction, as `kubectl drain` does, and waits until kubelet has ended it. */
  async evict(pod: V1Pod): Promise<void> {
    await this.#server.do('POST', `${pathOf(pod)}/eviction`, {
      // Of policy/v1 the API server of 1.20 knows nothing; every later one still takes this.
      ...{ apiVersion: 'policy/v1beta1', kind: 'Eviction' },
      metadata: { namespace: pod.metadata?.namespace, name: pod.metadata?.name },
    });
    await this.#gone(pod);
  }

  async #gone(pod: V1Pod): Promise<void> {
    await until(`${pod.metadata?.name} is gone`, async () => {
      const { status, body } = await this.#server.call<V1Pod>('GET', pathOf(pod));
      return status === 404 || body.metadata?.uid !== pod.metadata?.uid;
    });
  }

  /** What `kubectl describe pod` shows. */
  describe({ metadata }: V1Pod): string {
    return this.kubectl('describe', 'pod', '-n', metadata?.namespace ?? '', metadata?.name ?? '');
  }

  kubectl(...args: string[]): string {
    const kubeconfig = ['--kubeconfig', adminKubeconfig(this.#server)];
    return execFileSync(kubectlProgram, [...kubeconfig, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }
}

/** A container of test pods. */
export function hog(name: string, args: string[], memory?: V1Container['resources']): V1Container {
  return {
    name,
    image: hogImage,
    imagePullPolicy: 'Never',
    args,
    ...(memory !== undefined && { resources: memory }),
  };
}

function pathOf({ metadata }: V1Pod): string {
  return `/api/v1/namespaces/${metadata?.namespace}/pods/${metadata?.name}`;
}
