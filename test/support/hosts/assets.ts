import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { builtAgent, needs, oomKills, privateMounts, type Requirement } from '../needs.ts';

/** Where packages of container runtimes are unpacked. */
export const runtimesFolder = (): string | undefined => process.env.OOMWATCHER_RUNTIMES;

const runtimes: Requirement = () => {
  const folder = runtimesFolder();
  if (folder === undefined)
    return 'needs container runtimes: OOMWATCHER_RUNTIMES (CONTRIBUTING.md)';
  const programs = ['bin/ctr', 'sbin/runc', 'sbin/dockerd', 'bin/podman', 'bin/lxc-start'];
  const missing = programs.find((program) => !existsSync(join(folder, 'usr', program)));
  return missing === undefined
    ? undefined
    : `needs container runtimes: ${missing} is not in ${folder}/usr`;
};

/** `describe` for tests with real container runtimes. */
export const runtimeTests = needs(runtimes, oomKills, privateMounts, builtAgent).describe;
