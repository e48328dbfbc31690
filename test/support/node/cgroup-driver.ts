import { existsSync } from 'node:fs';

/** Whether pods' cgroups are made by systemd, as on nodes with cgroup v2: else kubelet and runc make them. */
export const isSystemdDriver =
  existsSync('/run/systemd/system') && existsSync('/sys/fs/cgroup/cgroup.controllers');
