import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'vitest';
import { builtAgent, needs, oomKills, privateMounts, type Requirement } from '../needs.ts';
import { isSystemdDriver } from '../node/cgroup-driver.ts';

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

const systemdNspawn: Requirement = () => {
  const folder = runtimesFolder() ?? '';
  if (!isSystemdDriver) return 'needs systemd as the first process, and cgroup v2';
  return existsSync(join(folder, 'usr/bin/systemd-nspawn'))
    ? undefined
    : `needs systemd-nspawn: usr/bin/systemd-nspawn is not in ${folder}`;
};

/** `describe` for tests with systemd's machines. Who names no runtimes does not ask for them. */
export function nspawnTests(name: string, tests: () => void): void {
  if (runtimesFolder() !== undefined)
    needs(systemdNspawn, oomKills, builtAgent).describe(name, tests);
  else it.skip(`${name} (skipped: needs systemd-nspawn: OOMWATCHER_RUNTIMES (CONTRIBUTING.md))`);
}
