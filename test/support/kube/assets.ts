import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Requirement } from '../needs.ts';

/** The folder with kube-apiserver and etcd, as controller-runtime's envtest names it. */
const folder = process.env.KUBEBUILDER_ASSETS;

/** The path of one of the programs there. */
export function asset(name: string): string {
  return join(folder ?? '', name);
}

export const realApiServer: Requirement = () => {
  if (folder === undefined) {
    return 'needs a real API server: KUBEBUILDER_ASSETS must name a folder with kube-apiserver and etcd (CONTRIBUTING.md)';
  }
  const missing = ['kube-apiserver', 'etcd'].find((name) => !existsSync(asset(name)));
  if (missing !== undefined) return `needs ${missing}: KUBEBUILDER_ASSETS (${folder}) has none`;
  if (spawnSync('openssl', ['version']).status !== 0)
    return 'needs openssl(1): it makes the certificates of the API server';
  return spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true']).status === 0
    ? undefined
    : 'needs setpriv(1) of util-linux: the API server ends with its test';
};

/** The one in the assets, else the one on the path. */
export const kubectlProgram =
  folder !== undefined && existsSync(asset('kubectl')) ? asset('kubectl') : 'kubectl';

export const kubectl: Requirement = () =>
  spawnSync(kubectlProgram, ['version', '--client']).status === 0
    ? undefined
    : 'needs kubectl, in KUBEBUILDER_ASSETS or on the path';
