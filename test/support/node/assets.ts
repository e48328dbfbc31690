import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'vitest';
import { realApiServer } from '../kube/assets.ts';
import {
  builtBundle,
  installed,
  limitedCgroup,
  needs,
  oomKills,
  privateMounts,
  type Requirement,
} from '../needs.ts';
import { podCgroups } from './teardown.ts';

/** kubelet's path. */
export const kubeletProgram = (): string | undefined => process.env.OOMWATCHER_KUBELET;

/** Where the CNI plugins are: CNI's own variable, else where packages put them. */
export function cniPlugins(): string | undefined {
  const folders = [process.env.CNI_PATH, '/opt/cni/bin', '/usr/lib/cni'];
  return folders.find((folder) => folder !== undefined && existsSync(join(folder, 'bridge')));
}

/** A kubelet can run pods here. */
const kubeNode: Requirement = () =>
  isKubeletNamed() ??
  workingKubelet() ??
  oomKills() ??
  limitedCgroup() ??
  privateMounts() ??
  installed('ip', 'ip(8) of iproute2', '-V')() ??
  installed('containerd', 'containerd (1.6 for a kubelet before 1.26)')() ??
  installed('ctr', 'ctr of containerd')() ??
  installed('runc', 'runc')() ??
  (cniPlugins() === undefined ? 'needs CNI plugins, in CNI_PATH or /opt/cni/bin' : undefined) ??
  (podCgroups().length > 0
    ? 'needs a machine without pods: there is a cgroup kubepods already'
    : undefined);

const isKubeletNamed: Requirement = () =>
  kubeletProgram() === undefined
    ? 'needs a kubelet: OOMWATCHER_KUBELET must name one (CONTRIBUTING.md)'
    : undefined;

const workingKubelet: Requirement = () =>
  installed(kubeletProgram() ?? '', 'the kubelet that OOMWATCHER_KUBELET names')();

/** `describe` for tests on a node. Who names no kubelet does not ask for them, CI neither: elsewhere there is none. */
export function nodeTests(name: string, tests: () => void): void {
  const reason = isKubeletNamed();
  if (reason === undefined) needs(realApiServer, kubeNode, builtBundle).describe(name, tests);
  else it.skip(`${name} (skipped: ${reason})`);
}
