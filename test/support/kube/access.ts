import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiServer } from './api-server.ts';
import { base64File } from './certificates.ts';

export interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

/** What the agent asks for, and no more: `verb resource`. */
export const agentRights = [
  'get nodes',
  'list pods',
  'watch pods',
  'create events',
  'patch events',
] as const;

export type Right = (typeof agentRights)[number];

export interface Access {
  user: string;
  /** A bearer token. */
  token: string;
  /** The path of one for the server's own address. */
  kubeconfig: string;
}

let identities = 0;

/** A ServiceAccount with exactly these rights everywhere. */
export async function grant(
  server: ApiServer,
  rights: readonly Right[] = agentRights,
  url = server.url,
): Promise<Access> {
  const name = `agent-${process.pid}-${++identities}`;
  await server.do('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name } });
  await server.do('POST', `${rbac}/clusterroles`, { metadata: { name }, rules: rulesOf(rights) });
  await server.do('POST', `${rbac}/clusterrolebindings`, {
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [{ kind: 'ServiceAccount', namespace: 'default', name }],
  });
  await untilInForce(server, name, rights);
  const token = await newToken(server, name);
  const kubeconfig = join(server.folder, `${name}.kubeconfig`);
  writeFileSync(kubeconfig, kubeconfigOf(server, url, { token }));
  return { user: name, token, kubeconfig };
}

/** Changes what an identity may do. */
export async function setRights(
  server: ApiServer,
  { user }: Access,
  rights: readonly Right[],
): Promise<void> {
  const rules = rulesOf(rights);
  await server.do('PUT', `${rbac}/clusterroles/${user}`, { metadata: { name: user }, rules });
  await untilInForce(server, user, rights);
}

/** The server's authorizer watches the rules as anybody does: what was written holds a moment later. */
async function untilInForce(server: ApiServer, name: string, rights: readonly Right[]) {
  const deadlineMs = performance.now() + 300_000;
  for (const right of agentRights) {
    while ((await isAllowed(server, name, right)) !== rights.includes(right)) {
      if (performance.now() > deadlineMs) throw new Error(`${name}: '${right}' does not change`);
      await sleep(10);
    }
  }
}

async function isAllowed(server: ApiServer, name: string, right: Right): Promise<boolean> {
  const [verb, resource] = right.split(' ');
  const { status } = await server.do<{ status: { allowed: boolean } }>(
    'POST',
    '/apis/authorization.k8s.io/v1/subjectaccessreviews',
    {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: {
        user: `system:serviceaccount:default:${name}`,
        resourceAttributes: { verb, resource },
      },
    },
  );
  return status.allowed;
}

export async function newToken(server: ApiServer, name: string): Promise<string> {
  const path = `/api/v1/namespaces/default/serviceaccounts/${name}/token`;
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
  const { status } = await server.do<{ status: { token: string } }>('POST', path, body);
  return status.token;
}

/** The path of a kubeconfig of the administrator, for kubectl. */
export function adminKubeconfig(server: ApiServer): string {
  const { certificate, key } = server.certificates.admin;
  const path = join(server.folder, 'admin.kubeconfig');
  const user = {
    'client-certificate-data': base64File(certificate),
    'client-key-data': base64File(key),
  };
  writeFileSync(path, kubeconfigOf(server, server.url, user));
  return path;
}

/** A kubeconfig in JSON, which is YAML. */
export function kubeconfigOf(server: ApiServer, url: string, user: object): string {
  const ca = base64File(server.certificates.ca);
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [{ name: 'test', cluster: { server: url, 'certificate-authority-data': ca } }],
    users: [{ name: 'test', user }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
  });
}

const rbac = '/apis/rbac.authorization.k8s.io/v1';

function rulesOf(rights: readonly Right[]): Rule[] {
  return rights.map((right) => {
    const [verb = '', resource = ''] = right.split(' ');
    return { apiGroups: [''], resources: [resource], verbs: [verb] };
  });
}
