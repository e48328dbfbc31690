import type { ApiOptions } from '@oomwatcher/kubernetes';
import { version } from '../version.js';
import { capability } from './capability.js';
import { cgroups } from './cgroups.js';
import type { Finding } from './finding.js';
import { kernelLog } from './kernel-log.js';
import { kernelWitness } from './kernel-witness.js';
import { cgroupNamespace, pidNamespace, processes } from './namespaces.js';
import { oomSettings } from './oom-settings.js';
import { ring } from './ring.js';
import { runUps } from './run-ups.js';
import { addon, sqlite } from './runtime.js';
import { stateFolder } from './state-folder.js';

export interface ExamineOptions {
  stateDir: string;
  /** Also what the API server allows. */
  kubernetes?: Omit<ApiOptions, 'version'>;
}

/** Everything that the agent needs of a node, in the order in which it matters. */
export async function examine({ stateDir, kubernetes }: ExamineOptions): Promise<Finding[]> {
  const findings = [
    kernelLog(),
    capability(),
    await ring(),
    pidNamespace(),
    cgroupNamespace(),
    processes(),
    ...cgroups(),
    oomSettings(),
    addon(),
    await kernelWitness(),
    await runUps(),
    sqlite(),
    stateFolder(stateDir),
    ...(kubernetes === undefined ? [] : await api(kubernetes)),
  ];
  return findings.filter((finding) => finding !== undefined);
}

/** Loaded only when it is asked for: the client library is large. */
async function api(options: Omit<ApiOptions, 'version'>): Promise<Finding[]> {
  const { examineApi } = await import('@oomwatcher/kubernetes');
  return examineApi({ ...options, version });
}
