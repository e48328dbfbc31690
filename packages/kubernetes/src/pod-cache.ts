import type { Kill } from '@oomwatcher/oom';

/** The parts of a core/v1 Pod that are looked at. */
export interface ApiPod {
  metadata?: {
    uid?: string;
    namespace?: string;
    name?: string;
    annotations?: Record<string, string>;
  };
  status?: Partial<Record<StatusList, ApiContainerStatus[]>>;
}

interface ApiContainerStatus {
  name?: string;
  containerID?: string;
  lastState?: { terminated?: { containerID?: string } };
}

type StatusList = (typeof statusLists)[number][0];

const statusLists = [
  ['containerStatuses', 'containers'],
  ['initContainerStatuses', 'initContainers'],
  ['ephemeralContainerStatuses', 'ephemeralContainers'],
] as const;

/** Where in a pod's spec a container stands. */
export type ContainerList = (typeof statusLists)[number][1];

/** What is kept of a pod. */
export interface KnownPod {
  namespace: string;
  name: string;
  /** By container id; also those of containers that have ended. */
  containers: ReadonlyMap<string, { name: string; list: ContainerList }>;
}

/** Kubelet gives a mirror pod the static pod's own UID, which is also that of its cgroup. */
const mirrorAnnotations = ['kubernetes.io/config.mirror', 'kubernetes.io/config.hash'];

/** A crash-looping container has a new id every time; so many are remembered of a pod. */
const mostContainerIds = 32;

/** A node runs 110 pods by default and rarely more than 500; a server that says otherwise must not fill the memory. */
const mostPods = 10_000;

/** Pods of this node by the UID that their cgroups carry, and for some time those that are gone. */
export class PodCache {
  readonly #tombstoneMs: number;
  readonly #now: () => number;
  readonly #pods = new Map<string, KnownPod>();
  readonly #goneAtMs = new Map<string, number>();
  /** API UID -> cgroup UID, of static pods. */
  readonly #mirrors = new Map<string, string>();

  constructor(tombstoneMs: number, now: () => number = Date.now) {
    this.#tombstoneMs = tombstoneMs;
    this.#now = now;
  }

  get size(): number {
    return this.#pods.size;
  }

  has(uid: string): boolean {
    return this.find(uid) !== undefined;
  }

  /** Also a pod that went not long ago. */
  find(uid: string): KnownPod | undefined {
    const goneMs = this.#goneAtMs.get(uid);
    if (goneMs !== undefined && this.#now() - goneMs > this.#tombstoneMs) this.#forget(uid);
    return this.#pods.get(uid);
  }

  /** Takes a pod as it is now; returns the UID that its cgroups carry. */
  put(pod: ApiPod): string | undefined {
    const { uid: apiUid, namespace, name, annotations = {} } = pod.metadata ?? {};
    if (apiUid === undefined || namespace === undefined || name === undefined) return undefined;
    const mirror = mirrorAnnotations.map((key) => annotations[key]).find((hash) => hash);
    const uid = mirror ?? apiUid;
    if (mirror !== undefined) this.#mirrors.set(apiUid, mirror);
    const containers = new Map(this.#pods.get(uid)?.containers);
    for (const [statuses, list] of statusLists) {
      for (const status of pod.status?.[statuses] ?? []) {
        for (const id of idsOf(status)) containers.set(id, { name: status.name ?? '', list });
      }
    }
    for (const id of containers.keys()) {
      if (containers.size <= mostContainerIds) break;
      containers.delete(id);
    }
    this.#goneAtMs.delete(uid);
    this.#pods.set(uid, { namespace, name, containers });
    if (this.#pods.size > mostPods) this.#forget(this.#pods.keys().next().value as string);
    return uid;
  }

  /** The pod is deleted: it is still known for a while. */
  remove({ metadata }: ApiPod): void {
    const uid = this.#mirrors.get(metadata?.uid ?? '') ?? metadata?.uid;
    if (uid !== undefined && this.#pods.has(uid)) this.#bury(uid);
  }

  /** These, put in since the last call, are all that there are. */
  keepOnly(uids: ReadonlySet<string>): void {
    for (const uid of this.#pods.keys()) if (!uids.has(uid)) this.#bury(uid);
    for (const uid of [...this.#goneAtMs.keys()]) this.find(uid);
  }

  /** The kill with the names that are known; the very same kill where there are none. */
  enrich(kill: Kill): Kill {
    const pod = kill.pod === undefined ? undefined : this.find(kill.pod.uid);
    if (kill.pod === undefined || pod === undefined) return kill;
    const container = pod.containers.get(kill.container?.id ?? '')?.name;
    const { namespace, name } = pod;
    return {
      ...kill,
      pod: { ...kill.pod, namespace, name, ...(container !== undefined && { container }) },
    };
  }

  /** Where in the pod's spec the container stands; a container that is not known is an ordinary one. */
  listOf(uid: string, container: string): ContainerList {
    for (const { name, list } of this.find(uid)?.containers.values() ?? [])
      if (name === container) return list;
    return 'containers';
  }

  #bury(uid: string): void {
    if (!this.#goneAtMs.has(uid)) this.#goneAtMs.set(uid, this.#now());
  }

  #forget(uid: string): void {
    this.#pods.delete(uid);
    this.#goneAtMs.delete(uid);
    for (const [apiUid, mirror] of this.#mirrors) if (mirror === uid) this.#mirrors.delete(apiUid);
  }
}

/** `containerd://<64 hex>` -> the digits; the one that runs and the one before it. */
function idsOf({ containerID, lastState }: ApiContainerStatus): string[] {
  return [lastState?.terminated?.containerID, containerID]
    .filter((id): id is string => id !== undefined && id !== '')
    .map((id) => id.slice(id.lastIndexOf('/') + 1));
}
