import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { loadAllYaml, type V1Container, type V1DaemonSet } from '@kubernetes/client-node';
import { kubectlProgram } from './kube/assets.ts';
import { root } from './paths.ts';

/** What is deployed from deploy/, each a folder there. */
export const variants = [
  'base',
  'overlays/kubelet-compat',
  'overlays/metrics-only',
  'overlays/without-witness',
];

export interface Manifest {
  kind: string;
  metadata: { name: string; namespace?: string };
}

/** The objects that a variant consists of, as `kubectl apply -k` sends them. */
export function rendered(variant: string): Manifest[] {
  const folder = join(root, 'deploy', variant);
  const yaml = execFileSync(kubectlProgram, ['kustomize', folder], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return loadAllYaml(yaml);
}

export function daemonSet(variant: string): V1DaemonSet {
  return rendered(variant).find(({ kind }) => kind === 'DaemonSet') as V1DaemonSet;
}

export function agentContainer(variant: string): V1Container {
  return daemonSet(variant).spec?.template.spec?.containers[0] as V1Container;
}
