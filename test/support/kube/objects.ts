import { randomBytes } from 'node:crypto';
import type { ApiServer } from './api-server.ts';

/** The part of a core/v1 Event that the tests look at. */
export interface ApiEvent {
  metadata: { name: string; namespace: string };
  type: string;
  reason: string;
  message: string;
  count: number;
  firstTimestamp: string;
  lastTimestamp: string;
  involvedObject: {
    kind: string;
    name: string;
    uid?: string;
    namespace?: string;
    fieldPath?: string;
  };
  source: { component: string; host?: string };
}

interface Created {
  metadata: { name: string; namespace?: string; uid: string };
}

export interface TestPod {
  namespace: string;
  name: string;
  uid: string;
  /** Container name -> 64 hex digits. */
  containerIds: Record<string, string>;
}

export interface PodOptions {
  namespace?: string;
  name?: string;
  containers?: string[];
  initContainers?: string[];
  ephemeralContainers?: string[];
  annotations?: Record<string, string>;
  /** Whether kubelet has said yet which containers run. */
  started?: boolean;
}

let numbers = 0;

/** A name of its own for every test, valid for every object. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${process.pid}-${++numbers}`;
}

/** Creates a Node and returns its UID. */
export async function createNode(server: ApiServer, name: string): Promise<string> {
  return (await server.do<Created>('POST', '/api/v1/nodes', { metadata: { name } })).metadata.uid;
}

export async function createNamespace(server: ApiServer, name: string): Promise<void> {
  await server.do('POST', '/api/v1/namespaces', { metadata: { name } });
}

/** Creates a pod on a node, and says as kubelet does which containers it has. */
export async function createPod(
  server: ApiServer,
  nodeName: string,
  options: PodOptions = {},
): Promise<TestPod> {
  const { namespace = 'default', name = uniqueName('pod'), annotations = {} } = options;
  const { containers = ['app'], initContainers = [], ephemeralContainers = [] } = options;
  const spec = (names: string[]) => names.map((container) => ({ name: container, image: 'none' }));
  const { metadata } = await server.do<Created>('POST', `/api/v1/namespaces/${namespace}/pods`, {
    metadata: { name, annotations },
    spec: { nodeName, containers: spec(containers), initContainers: spec(initContainers) },
  });
  const names = [...containers, ...initContainers, ...ephemeralContainers];
  const containerIds = Object.fromEntries(
    names.map((container) => [container, randomBytes(32).toString('hex')]),
  );
  const pod = { namespace, name, uid: metadata.uid, containerIds };
  if (options.started ?? true) await startContainers(server, pod, options);
  return pod;
}

/** What kubelet writes into the status when containers run. */
export async function startContainers(
  server: ApiServer,
  { namespace, name, containerIds }: TestPod,
  { containers = ['app'], initContainers = [], ephemeralContainers = [] }: PodOptions = {},
): Promise<void> {
  const statuses = (names: string[]) =>
    names.map((container) => ({
      name: container,
      containerID: `containerd://${containerIds[container]}`,
      image: 'none',
      imageID: '',
      ready: true,
      restartCount: 0,
    }));
  const status = {
    phase: 'Running',
    containerStatuses: statuses(containers),
    initContainerStatuses: statuses(initContainers),
    ephemeralContainerStatuses: statuses(ephemeralContainers),
  };
  const path = `/api/v1/namespaces/${namespace}/pods/${name}/status`;
  await server.do('PATCH', path, { status }, 'application/merge-patch+json');
}

export async function deletePod(
  server: ApiServer,
  { namespace, name }: Pick<TestPod, 'namespace' | 'name'>,
): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}/pods/${name}?gracePeriodSeconds=0`;
  await server.do('DELETE', path);
}

/** The events of one object, as `kubectl get events --field-selector` asks for them. */
export async function eventsOf(
  server: ApiServer,
  namespace: string,
  involved: { kind: string; name: string },
): Promise<ApiEvent[]> {
  const selector = `involvedObject.kind=${involved.kind},involvedObject.name=${involved.name}`;
  const path = `/api/v1/namespaces/${namespace}/events?fieldSelector=${encodeURIComponent(selector)}`;
  return (await server.do<{ items: ApiEvent[] }>('GET', path)).items;
}

export function totalCount(events: readonly ApiEvent[]): number {
  return events.reduce((sum, { count }) => sum + count, 0);
}
