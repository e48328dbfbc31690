import { capability } from './capability.js';
import { cgroups } from './cgroups.js';
import type { Finding } from './finding.js';
import { kernelLog } from './kernel-log.js';
import { cgroupNamespace, pidNamespace, processes } from './namespaces.js';
import { oomSettings } from './oom-settings.js';
import { ring } from './ring.js';
import { addon, sqlite } from './runtime.js';
import { stateFolder } from './state-folder.js';

export interface ExamineOptions {
  stateDir: string;
}

/** Everything that the agent needs of a node, in the order in which it matters. */
export async function examine({ stateDir }: ExamineOptions): Promise<Finding[]> {
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
    sqlite(),
    stateFolder(stateDir),
  ];
  return findings.filter((finding) => finding !== undefined);
}
