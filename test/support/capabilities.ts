import { readFileSync } from 'node:fs';

export interface Capabilities {
  uid: number;
  effective: string[];
  bounding: string[];
  noNewPrivileges: boolean;
}

/** The numbers of include/uapi/linux/capability.h that a test here looks for. */
const names: Record<number, string> = {
  1: 'dac_override',
  19: 'sys_ptrace',
  21: 'sys_admin',
  23: 'sys_nice',
  34: 'syslog',
};

/** What a process may do, of /proc. */
export function capabilitiesOf(pid: number): Capabilities {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name: string) => new RegExp(`^${name}:\\s*(\\w+)`, 'm').exec(status)?.[1] ?? '';
  const set = (name: string) => {
    const bits = BigInt(`0x${field(name)}`);
    return Array.from({ length: 64 }, (_, bit) => bit)
      .filter((bit) => (bits >> BigInt(bit)) & 1n)
      .map((bit) => names[bit] ?? String(bit));
  };
  return {
    uid: Number(field('Uid')),
    effective: set('CapEff'),
    bounding: set('CapBnd'),
    noNewPrivileges: field('NoNewPrivs') === '1',
  };
}
