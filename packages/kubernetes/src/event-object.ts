import type { RecurrenceCounts } from '@oomwatcher/explain';
import type { Kill } from '@oomwatcher/oom';
import { eventName } from './event-name.js';
import {
  type ContainerCounts,
  combinedMessage,
  nodeMessage,
  podMessage,
  type VictimCount,
} from './event-text.js';

const component = 'oomwatcher';

/** Cluster-scoped objects have their events there (ref.Namespace is empty: client-go takes `default`). */
const nodeEventNamespace = 'default';

/** An event as it should be, before it has the form of the API. */
export interface DesiredEvent {
  /** Distinguishes it from the other events of the same object. */
  key: string;
  /** Kills; processes that were killed together are one. */
  count: number;
  firstMs: number;
  lastMs: number;
  /** The kill that it reports, or the last of them. */
  kill: Kill;
  /** How often its workload was killed by then. */
  recurrence?: RecurrenceCounts;
  /** Of a combined event: how often which name was killed. */
  victims?: readonly VictimCount[];
  /** Of a combined event: all processes. */
  processes?: number;
  /** Of a combined event whose kill does not name the only container. */
  containers?: ContainerCounts;
}

/** What an event is about. */
export type Reference =
  | { kind: 'Node'; name: string; uid: string }
  | { kind: 'Pod'; namespace: string; name: string; uid: string; fieldPath?: string };

/** The part of a core/v1 Event that the agent writes. */
export interface EventObject {
  apiVersion: 'v1';
  kind: 'Event';
  metadata: { namespace: string; name: string };
  involvedObject: Reference & { apiVersion: 'v1' };
  type: 'Warning';
  reason: 'SystemOOM' | 'OOMKilled';
  message: string;
  source: { component: string; host: string };
  reportingComponent: string;
  reportingInstance: string;
  firstTimestamp: string;
  lastTimestamp: string;
  count: number;
}

/**
 * The event in the form of the API. `eventTime` stays empty: with it the server would ask for more (an action, a
 * namespace of its own for nodes) and kubectl would show it as another kind of event than kubelet's.
 */
export function eventObject(
  event: DesiredEvent,
  reference: Reference,
  nodeName: string,
): EventObject {
  const single =
    reference.kind === 'Node' ? nodeMessage(event.kill) : podMessage(event.kill, event.recurrence);
  const namespace = reference.kind === 'Node' ? nodeEventNamespace : reference.namespace;
  const { victims, count, processes = count, containers } = event;
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { namespace, name: eventName(reference.kind, reference.name, event.key) },
    involvedObject: { apiVersion: 'v1', ...reference },
    type: 'Warning',
    reason: reference.kind === 'Node' ? 'SystemOOM' : 'OOMKilled',
    message:
      victims === undefined
        ? single
        : combinedMessage(single, { count, processes }, victims, containers),
    source: { component, host: nodeName },
    reportingComponent: component,
    reportingInstance: nodeName,
    firstTimestamp: apiTime(event.firstMs),
    lastTimestamp: apiTime(event.lastMs),
    count,
  };
}

/**
 * What brings an event that is there to what it should be. The reference is whole: a Node that was re-created has
 * another UID, and a combined event of several containers has no `fieldPath` any more.
 */
export function eventPatch({
  involvedObject,
  message,
  firstTimestamp,
  lastTimestamp,
  count,
}: EventObject) {
  const fieldPath =
    involvedObject.kind === 'Pod' ? { fieldPath: involvedObject.fieldPath ?? null } : {};
  return {
    involvedObject: { ...involvedObject, ...fieldPath },
    message,
    firstTimestamp,
    lastTimestamp,
    count,
  };
}

/** metav1.Time: whole seconds. */
function apiTime(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
}
