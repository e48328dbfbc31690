import { unescapeUnit } from './container-path.js';

/** What a manager of the host runs in a cgroup of its own, by the name that its user knows it by. */
export interface Guest {
  kind: 'vm' | 'nomad-task' | 'slurm-job';
  name: string;
}

/** By where each manager puts what it runs, at the top of the hierarchy alone: below it whoever runs there makes cgroups. */
const places: readonly [kind: Guest['kind'], path: RegExp][] = [
  // libvirt, with systemd (virSystemdMakeMachineName) and without it (vircgroup.c); its number changes with each start.
  ['vm', /^\/machine\.slice\/machine-qemu-\d+-([^/]+)\.scope(?:\/|$)/],
  ['vm', /^\/machine\/qemu-\d+-([^/]+)\.libvirt-qemu(?:\/|$)/],
  // Proxmox (PVE::QemuServer): the number is the name.
  ['vm', /^\/qemu\.slice\/(\d+)\.scope(?:\/|$)/],
  // Nomad (client/lib/cgroupslib): an allocation's id, and the task in it.
  [
    'nomad-task',
    /^\/nomad\.slice\/(?:(?:share|reserve)\.slice\/)?[0-9a-f-]{36}\.([^/]+)\.scope(?:\/|$)/,
  ],
  // Slurm's plugins cgroup/v2 and cgroup/v1 (slurm.conf: SlurmdParameters, MULTIPLE_SLURMD names the node).
  ['slurm-job', /^\/system\.slice\/(?:[^/]+_)?slurmstepd\.scope\/job_(\d+)(?:\/|$)/],
  ['slurm-job', /^\/slurm(?:_[^/]+)?\/uid_\d+\/job_(\d+)(?:\/|$)/],
];

export function guestOf(path: string): Guest | undefined {
  const plain = unescapeUnit(path);
  for (const [kind, place] of places) {
    const name = place.exec(plain)?.[1];
    if (name !== undefined) return { kind, name };
  }
  return undefined;
}
