import { namedKill, type PodNames } from '@oomwatcher/journal';
import type { Kill, PodSpec } from '@oomwatcher/oom';
import type { ApiPod, ContainerList, PodOwner } from './api-objects.js';
import type { ContainerLogs } from './container-logs.js';
import type { LogFolders } from './log-folders.js';
import type { PodLimits } from './pod-limits.js';

/** What is kept of a pod. */
export interface KnownPod {
  namespace: string;
  name: string;
  /** undefined: nothing made it, or the API has not said. */
  owner?: PodOwner;
  /** By container id; also those of containers that have ended. */
  containers: ReadonlyMap<string, KnownContainer>;
  limits?: PodLimits;
}

interface KnownContainer {
  name: string;
  list: ContainerList;
  runtime?: string;
}

/** Where kubelet has written names on the node. */
export interface OnNode {
  folders?: LogFolders;
  logs?: ContainerLogs;
}

/** What a kill is given of its pod and container. */
export interface PodNaming {
  pod: PodNames;
  runtime?: string;
}

/** A crash-looping container has a new id every time; so many are remembered of a pod. */
const maxContainerIds = 32;

/** A node runs 110 pods by default and rarely more than 500; a server that says otherwise must not fill the memory. */
const maxPods = 10_000;

const noContainers: KnownPod['containers'] = new Map();

/**
 * Pods of this node by the UID that their cgroups carry, and for some time those that are gone. That is the UID that
 * the API server gave them, which nobody can choose. A static pod has another one of its own: it is found by what the
 * node itself says, for the annotation that the API has for it anybody may write.
 */
export class PodCache {
  readonly #tombstoneMs: number;
  readonly #folders: LogFolders | undefined;
  readonly #logs: ContainerLogs | undefined;
  readonly #now: () => number;
  readonly #pods = new Map<string, KnownPod>();
  /** The UIDs of each namespace, in the order in which they came. */
  readonly #byNamespace = new Map<string, Set<string>>();
  readonly #byName = new Map<string, string>();
  readonly #goneAtMs = new Map<string, number>();

  /** @param onNode what the node itself says; by default nothing */
  constructor(tombstoneMs: number, onNode: OnNode = {}, now: () => number = Date.now) {
    this.#tombstoneMs = tombstoneMs;
    this.#folders = onNode.folders;
    this.#logs = onNode.logs;
    this.#now = now;
  }

  get size(): number {
    return this.#pods.size;
  }

  has(uid: string): boolean {
    return this.find(uid) !== undefined;
  }

  /** Whether the API server has said what there is to say of the pod: its spec, which the node itself does not tell. */
  isListed(uid: string): boolean {
    return this.#pods.has(uid) || this.#mirror(this.#folders?.find(uid)) !== undefined;
  }

  /** Also a pod that went not long ago. */
  find(uid: string): KnownPod | undefined {
    const goneMs = this.#goneAtMs.get(uid);
    if (goneMs !== undefined && this.#now() - goneMs > this.#tombstoneMs) this.#forget(uid);
    return this.#pods.get(uid) ?? this.#onNode(uid);
  }

  /** Takes a pod as it is now. */
  put({ uid, namespace, name, owner, containers: listed, limits }: ApiPod): void {
    const containers = new Map(this.#pods.get(uid)?.containers);
    for (const { id, ...container } of listed) {
      // The newest are kept.
      containers.delete(id);
      containers.set(id, container);
    }
    for (const id of containers.keys()) {
      if (containers.size <= maxContainerIds) break;
      containers.delete(id);
    }
    this.#goneAtMs.delete(uid);
    this.#pods.set(uid, {
      namespace,
      name,
      ...(owner !== undefined && { owner }),
      containers,
      ...(limits && { limits }),
    });
    this.#byName.set(`${namespace}/${name}`, uid);
    const uids = this.#byNamespace.get(namespace) ?? new Set();
    this.#byNamespace.set(namespace, uids.add(uid));
    if (this.#pods.size > maxPods) this.#makeRoom();
  }

  /** The pod is deleted: it is still known for a while. */
  remove(uid: string): void {
    if (this.#pods.has(uid) && !this.#goneAtMs.has(uid)) this.#goneAtMs.set(uid, this.#now());
  }

  /** These, put in since the last call, are all that there are. */
  keepOnly(uids: ReadonlySet<string>): void {
    for (const uid of this.#pods.keys()) if (!uids.has(uid)) this.remove(uid);
    for (const uid of [...this.#goneAtMs.keys()]) this.find(uid);
  }

  /** The kill with the names that are known; the very same kill where there are none. */
  enrich(kill: Kill): Kill {
    const naming = kill.pod && this.naming(kill.pod.uid, kill.container?.id);
    return (naming && namedKill(kill, naming.pod, naming.runtime)) ?? kill;
  }

  /** undefined: nothing is known of the pod. */
  naming(uid: string, containerId: string | undefined): PodNaming | undefined {
    const logged = containerId === undefined ? undefined : this.#logs?.find(containerId);
    const known = this.find(uid) ?? (logged && { namespace: logged.namespace, name: logged.pod });
    if (known === undefined) return undefined;
    const { namespace, name, owner, limits, containers }: Partial<KnownPod> & typeof known = known;
    const container = containers?.get(containerId ?? '');
    // The API server says which containers run some seconds after they do.
    const isOfPod = logged?.namespace === namespace && logged.pod === name;
    const named = container?.name ?? (isOfPod ? logged?.container : undefined);
    return {
      pod: {
        namespace,
        name,
        ...(owner !== undefined && { owner }),
        ...(named !== undefined && { container: named }),
        ...(limits !== undefined && { spec: specOf(limits, named) }),
      },
      ...(container?.runtime !== undefined && { runtime: container.runtime }),
    };
  }

  /** Where in the pod's spec the container stands; a container that is not known is an ordinary one. */
  listOf(uid: string, container: string): ContainerList {
    const { containers, limits } = this.find(uid) ?? {};
    for (const { name, list } of containers?.values() ?? []) if (name === container) return list;
    return lists[limits?.byName.get(container)?.kind ?? 'container'];
  }

  /** A static pod, or one that the API server has not reported yet. Its containers are those of the pod of its name. */
  #onNode(uid: string): KnownPod | undefined {
    const named = this.#folders?.find(uid);
    if (named === undefined) return undefined;
    const mirror = this.#mirror(named);
    if (mirror === undefined) return { ...named, containers: noContainers };
    const { containers, limits } = mirror;
    return { ...named, containers, ...(limits && { limits }) };
  }

  #mirror(named: { namespace: string; name: string } | undefined): KnownPod | undefined {
    return named && this.#pods.get(this.#byName.get(`${named.namespace}/${named.name}`) ?? '');
  }

  /** Who makes ten thousand pods loses his own: the oldest of the namespace that has most goes. */
  #makeRoom(): void {
    const [gone] = this.#goneAtMs.keys();
    if (gone !== undefined) return this.#forget(gone);
    let most: ReadonlySet<string> = new Set();
    for (const uids of this.#byNamespace.values()) if (uids.size > most.size) most = uids;
    const [oldest] = most;
    if (oldest !== undefined) this.#forget(oldest);
  }

  #forget(uid: string): void {
    const { namespace, name } = this.#pods.get(uid) ?? {};
    this.#pods.delete(uid);
    this.#goneAtMs.delete(uid);
    if (namespace === undefined) return;
    if (this.#byName.get(`${namespace}/${name}`) === uid)
      this.#byName.delete(`${namespace}/${name}`);
    const uids = this.#byNamespace.get(namespace);
    uids?.delete(uid);
    if (uids?.size === 0) this.#byNamespace.delete(namespace);
  }
}

const lists: Record<NonNullable<PodSpec['kind']>, ContainerList> = {
  container: 'containers',
  init: 'initContainers',
  sidecar: 'initContainers',
  ephemeral: 'ephemeralContainers',
};

function specOf(
  { byName, podRequestKiB: _, ...pod }: PodLimits,
  container: string | undefined,
): PodSpec {
  return { ...pod, ...byName.get(container ?? '') };
}
