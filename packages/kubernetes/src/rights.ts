import { hostname } from 'node:os';
import { printable } from '@oomwatcher/explain';
import { readAllowed, readNodeUid } from './api-objects.js';
import { ApiClient, TransportError } from './client.js';
import { loadConfiguration } from './configuration.js';
import { ConfigurationError } from './configuration-error.js';

/** What the agent asks of the server, and what is missing without it. */
const rights = [
  {
    verb: 'get',
    resource: 'nodes',
    purpose: "kubectl describe node may not show the node's events",
  },
  { verb: 'list', resource: 'pods', purpose: 'pods are not named' },
  {
    verb: 'watch',
    resource: 'pods',
    purpose: 'pods that are gone when they are asked for are not named',
  },
  { verb: 'create', resource: 'events', purpose: 'no event is made' },
  { verb: 'patch', resource: 'events', purpose: 'the counts of combined events stand still' },
] as const;

const check = 'API server';

export interface ApiOptions {
  /** The agent's. */
  version: string;
  kubeconfig?: string;
  nodeName?: string;
}

/** One thing that the agent needs of the API server; without it the agent works and can do less. */
export interface ApiFinding {
  check: string;
  status: 'ok' | 'warning';
  message: string;
  remedy?: string;
}

/** Whether the API server answers, knows this node, and allows each thing that the agent asks of it. */
export async function examineApi({
  version,
  kubeconfig,
  nodeName,
}: ApiOptions): Promise<ApiFinding[]> {
  let client: ApiClient | undefined;
  try {
    client = new ApiClient(
      () => loadConfiguration(kubeconfig === undefined ? {} : { kubeconfig }),
      version,
    );
    const findings: ApiFinding[] = [];
    for (const right of rights) findings.push(await allowed(client, right));
    const server = ok(check, `${printable(client.server)} answers`);
    return [server, await knowsNode(client, nodeName ?? hostname()), ...findings];
  } catch (error) {
    return [unreachable(error)];
  } finally {
    client?.close();
  }
}

function unreachable(error: unknown): ApiFinding {
  if (error instanceof ConfigurationError) {
    return warning(check, 'none is known, and no event is made', error.message);
  }
  if (error instanceof TransportError || error instanceof Refused) {
    return warning(
      check,
      `${error.message}: events wait in the journal`,
      'check its address, its certificate, and the network from this node',
    );
  }
  throw error;
}

/** It answered, and not to what was asked: a token that it does not take, most often. */
class Refused extends Error {}

/** @throws TransportError, Refused */
async function allowed(client: ApiClient, { verb, resource, purpose }: Right): Promise<ApiFinding> {
  const { status, body } = await client.request({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { verb, resource } },
    },
  });
  const may = status === 201 ? readAllowed(body) : undefined;
  if (may === undefined)
    throw new Refused(`the API server answers ${status} when it is asked for rights`);
  const name = `${verb} ${resource}`;
  if (may) return ok(name, 'allowed');
  return warning(
    name,
    `not allowed: ${purpose}`,
    `grant it with a ClusterRole and a ClusterRoleBinding, as deploy/base/rbac.yaml does`,
  );
}

type Right = (typeof rights)[number];

/** @throws TransportError */
async function knowsNode(client: ApiClient, name: string): Promise<ApiFinding> {
  const { status, body } = await client.request({
    method: 'GET',
    path: `/api/v1/nodes/${encodeURIComponent(name)}`,
  });
  const shown = printable(name);
  if (status === 200 && readNodeUid(body, name) !== undefined)
    return ok('node', `the cluster knows ${shown}`);
  return warning(
    'node',
    `the cluster gives no node ${shown} (${status}): events and pod names may be missing`,
    'name the right one with --node-name or NODE_NAME, in Kubernetes from spec.nodeName',
  );
}

function ok(check: string, message: string): ApiFinding {
  return { check, status: 'ok', message };
}

function warning(check: string, message: string, remedy: string): ApiFinding {
  return { check, status: 'warning', message, remedy };
}
