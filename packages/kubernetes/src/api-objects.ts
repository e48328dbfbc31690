import type { Kill } from '@oomwatcher/oom';
import * as v from 'valibot';
import { type PodLimits, podLimits } from './pod-limits.js';
import { quantityKiB } from './quantity.js';

/**
 * The one door for what the API server says. Behind it there are only the parts that the agent looks at, with the types
 * and the lengths that they have here; whatever else arrives, from a server or from what stands in front of it, gives
 * `undefined` and never an exception. A part that may be missing and is not as it should be counts as missing.
 */

/** What is there but of another type is as if it were not there: `"message": null`. */
function perhaps<T extends v.GenericSchema>(schema: T) {
  return v.fallback(v.optional(schema), undefined);
}

/** Of a list the items that are as they should be. */
function those<T extends v.GenericSchema>(schema: T) {
  return v.pipe(
    v.array(v.unknown()),
    v.transform((items) => items.flatMap((item) => read(schema, item) ?? [])),
  );
}

function read<T extends v.GenericSchema>(schema: T, value: unknown): v.InferOutput<T> | undefined {
  const { success, output } = v.safeParse(schema, value);
  return success ? output : undefined;
}

/** Names as the API server checks them (RFC 1123): hostile bytes in one would reach logs and requests. */
const subdomain = v.pipe(v.string(), v.maxLength(253), v.regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/));
const label = v.pipe(v.string(), v.maxLength(63), v.regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/));
const uid = v.pipe(v.string(), v.regex(/^[A-Za-z0-9._-]{1,128}$/));
/** `containerd://<64 hex digits>`: the runtime, and the id, which is the last part. */
const containerIdForm = /^(?:([a-z][a-z0-9-]{0,31}):\/\/)?(?:[^\n]*\/)?([A-Za-z0-9._-]{1,128})$/;
const containerId = v.pipe(
  v.string(),
  v.maxLength(512),
  v.regex(containerIdForm),
  v.transform((text) => {
    const [, runtime, id = ''] = containerIdForm.exec(text) ?? [];
    return { id, runtime };
  }),
);
/** Opaque; the server's own are some digits, and its tokens to continue some hundred characters. */
const opaque = v.pipe(v.string(), v.maxLength(16_384));

const statusSchema = v.object({
  kind: v.literal('Status'),
  code: perhaps(v.number()),
  message: perhaps(v.string()),
  reason: perhaps(v.string()),
  details: perhaps(
    v.object({
      kind: perhaps(v.string()),
      causes: perhaps(those(v.object({ reason: perhaps(v.string()) }))),
    }),
  ),
});

/** The parts of a metav1.Status that are looked at: the API server's own word for a no. */
export type Status = v.InferOutput<typeof statusSchema>;

export function readStatus(body: unknown): Status | undefined {
  return read(statusSchema, body);
}

const statusLists = {
  containers: 'containerStatuses',
  initContainers: 'initContainerStatuses',
  ephemeralContainers: 'ephemeralContainerStatuses',
} as const;

/** Where in a pod's spec a container stands. */
export type ContainerList = keyof typeof statusLists;

const containerStatuses = perhaps(
  those(
    v.object({
      name: label,
      containerID: perhaps(containerId),
      lastState: perhaps(
        v.object({ terminated: perhaps(v.object({ containerID: perhaps(containerId) })) }),
      ),
    }),
  ),
);

const memory = perhaps(
  v.object({ memory: v.pipe(v.string(), v.maxLength(64), v.transform(quantityKiB)) }),
);
const resources = perhaps(v.object({ limits: memory, requests: memory }));
const containers = perhaps(
  those(v.object({ name: label, resources, restartPolicy: perhaps(v.string()) })),
);

const podSpec = v.object({
  containers,
  initContainers: containers,
  ephemeralContainers: containers,
  resources,
  overhead: memory,
});

const kind = v.pipe(v.string(), v.regex(/^[A-Za-z][A-Za-z0-9]{0,62}$/));

const podSchema = v.object({
  metadata: v.object({
    uid,
    namespace: label,
    name: subdomain,
    ownerReferences: perhaps(
      those(v.object({ kind, name: subdomain, controller: v.literal(true) })),
    ),
    labels: perhaps(v.object({ 'pod-template-hash': perhaps(label) })),
  }),
  spec: perhaps(podSpec),
  status: perhaps(
    v.object({
      containerStatuses,
      initContainerStatuses: containerStatuses,
      ephemeralContainerStatuses: containerStatuses,
    }),
  ),
});

/**
 * A pod as the API server gives it. Of annotations nothing, of labels and owners only what its kills are counted under:
 * whoever may make a pod writes there what he likes, also another pod's UID. An owner is of the pod's own namespace, so that
 * he who lies counts under another workload of his own.
 */
export interface ApiPod {
  uid: string;
  namespace: string;
  name: string;
  owner?: PodOwner;
  /** Those that run, and the ones before them. */
  containers: { id: string; name: string; list: ContainerList; runtime?: string }[];
  limits?: PodLimits;
}

export type PodOwner = NonNullable<NonNullable<Kill['pod']>['owner']>;

/** A Job of a CronJob is named by its minute since 1970 (pkg/controller/cronjob, getJobName); these are 2013 to 2084. */
const scheduled = /^(.+)-([2-5]\d{7})$/;
const firstMinute = 23_000_000;

/** What a person knows it by: no ReplicaSet and no Job of one run. undefined: a static pod, which the Node owns. */
function ownerOf({ kind, name }: PodOwner, templateHash: string | undefined): PodOwner | undefined {
  if (kind === 'Node') return undefined;
  if (kind === 'ReplicaSet' && templateHash !== undefined && name.endsWith(`-${templateHash}`)) {
    return { kind: 'Deployment', name: name.slice(0, -templateHash.length - 1) };
  }
  const [, cronJob, minute] = scheduled.exec(name) ?? [];
  return kind === 'Job' && cronJob !== undefined && Number(minute) >= firstMinute
    ? { kind: 'CronJob', name: cronJob }
    : { kind, name };
}

export function readPod(object: unknown): ApiPod | undefined {
  const pod = read(podSchema, object);
  if (pod === undefined) return undefined;
  const containers: ApiPod['containers'] = [];
  for (const list of Object.keys(statusLists) as ContainerList[]) {
    for (const { name, containerID, lastState } of pod.status?.[statusLists[list]] ?? []) {
      for (const known of [lastState?.terminated?.containerID, containerID]) {
        if (known === undefined) continue;
        const { id, runtime } = known;
        containers.push({ id, name, list, ...(runtime !== undefined && { runtime }) });
      }
    }
  }
  const { ownerReferences, labels, ...names } = pod.metadata;
  const [controller] = ownerReferences ?? [];
  const owner = controller && ownerOf(controller, labels?.['pod-template-hash']);
  return {
    ...names,
    ...(owner !== undefined && { owner }),
    containers,
    ...(pod.spec !== undefined && { limits: podLimits(pod.spec) }),
  };
}

const listMetadata = perhaps(
  v.object({ resourceVersion: perhaps(opaque), continue: perhaps(opaque) }),
);
const podListSchema = v.object({
  kind: v.literal('PodList'),
  metadata: listMetadata,
  items: v.nullish(v.array(v.unknown())),
});

export interface ApiPodList {
  pods: ApiPod[];
  resourceVersion: string;
  /** Of the next page; undefined: this is the last one. */
  next: string | undefined;
}

export function readPodList(body: unknown): ApiPodList | undefined {
  const list = read(podListSchema, body);
  if (list === undefined) return undefined;
  return {
    pods: (list.items ?? []).flatMap((item) => readPod(item) ?? []),
    resourceVersion: list.metadata?.resourceVersion ?? '',
    next: list.metadata?.continue || undefined,
  };
}

const watchLineSchema = v.object({
  type: v.picklist(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']),
  object: v.record(v.string(), v.unknown()),
});

const versionSchema = v.object({ metadata: v.object({ resourceVersion: opaque }) });

export interface WatchLine {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  /** What the next watch goes on from. */
  resourceVersion: string | undefined;
  pod: ApiPod | undefined;
  /** Of an `ERROR`. */
  status: Status | undefined;
}

/** undefined: this is not a watch of the API server. */
export function readWatchLine(line: unknown): WatchLine | undefined {
  const parsed = read(watchLineSchema, line);
  if (parsed === undefined) return undefined;
  const { type, object } = parsed;
  return {
    type,
    resourceVersion: read(versionSchema, object)?.metadata.resourceVersion || undefined,
    pod: readPod(object),
    status: readStatus(object),
  };
}

const nodeSchema = v.object({
  kind: v.literal('Node'),
  metadata: v.object({ name: subdomain, uid }),
});

/** The UID of the Node of that name. */
export function readNodeUid(body: unknown, name: string): string | undefined {
  const node = read(nodeSchema, body);
  return node?.metadata.name === name ? node.metadata.uid : undefined;
}

const eventSchema = v.object({
  kind: v.literal('Event'),
  metadata: v.object({ name: subdomain, namespace: label }),
});

/** Whether it is the event that was asked for. */
export function isEvent(body: unknown, { name, namespace }: { name: string; namespace: string }) {
  const event = read(eventSchema, body);
  return event?.metadata.name === name && event.metadata.namespace === namespace;
}

const accessReviewSchema = v.object({
  kind: v.literal('SelfSubjectAccessReview'),
  status: v.object({ allowed: v.boolean() }),
});

/** undefined: the server has not said. */
export function readAllowed(body: unknown): boolean | undefined {
  return read(accessReviewSchema, body)?.status.allowed;
}
