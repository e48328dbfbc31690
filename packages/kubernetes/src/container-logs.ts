import { readdirSync } from 'node:fs';

/** What kubelet calls the link to a container's log: names have no `_`, and the id is the last part. */
const linkName =
  /^([a-z0-9][-a-z0-9.]{0,252})_([a-z0-9][-a-z0-9]{0,62})_([a-z0-9][-a-z0-9]{0,62})-([0-9a-f]{64})\.log$/;

/** A node has some hundred, and those of containers that have ended; whoever fills the folder must not fill the memory. */
const maxLinks = 20_000;

/** A container that is not there is looked for again so soon: one that is killed at its start is named at once. */
const readAgainMs = 250;

export interface ContainerName {
  namespace: string;
  pod: string;
  container: string;
}

/**
 * The containers of this node as kubelet itself names them: `/var/log/containers/POD_NAMESPACE_CONTAINER-ID.log`, a link
 * that it makes when it starts one (pkg/kubelet/kuberuntime, legacyLogSymlink), seconds before the API server says it.
 * Only root writes there. Only names are read.
 */
export class ContainerLogs {
  readonly #path: string;
  readonly #now: () => number;
  #containers = new Map<string, ContainerName>();
  #readAtMs = Number.NEGATIVE_INFINITY;

  constructor(path = '/var/log/containers', now: () => number = () => performance.now()) {
    this.#path = path;
    this.#now = now;
  }

  find(id: string): ContainerName | undefined {
    const known = this.#containers.get(id);
    if (known !== undefined || this.#now() - this.#readAtMs < readAgainMs) return known;
    this.#readAtMs = this.#now();
    this.#containers = this.#read();
    return this.#containers.get(id);
  }

  #read(): Map<string, ContainerName> {
    const containers = new Map<string, ContainerName>();
    try {
      for (const link of readdirSync(this.#path).slice(0, maxLinks)) {
        const [, pod = '', namespace = '', container = '', id = ''] = linkName.exec(link) ?? [];
        if (id !== '') containers.set(id, { namespace, pod, container });
      }
    } catch {
      // It is not mounted: the API server will say it.
    }
    return containers;
  }
}
