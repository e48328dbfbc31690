import type { Kill, Scope } from '@oomwatcher/oom';

const owners: Record<Scope, string> = {
  container: "the container's own memory limit",
  pod: "the pod's memory limit, shared by its containers",
  qos: 'the limit of all pods of one QoS class',
  kubepods: 'the limit of all pods together (node allocatable)',
  service: "the service's memory limit",
  slice: 'the limit of a systemd slice',
  cgroup: 'the limit of a cgroup',
  node: 'none: the node itself had no memory left',
};

/** Whose limit was hit, in words. */
export function limitOwner({ scope, constraint, trigger }: Kill): string {
  if (trigger?.manual) return 'none: somebody asked for the kill (sysrq-f)';
  if (constraint === 'cpuset')
    return 'none: the NUMA nodes that a cpuset allows had no memory left';
  if (constraint === 'memory_policy')
    return 'none: the NUMA nodes that a memory policy allows had no memory left';
  if (scope !== undefined) return owners[scope];
  return constraint === 'memcg'
    ? 'a memory limit; whose, the log does not say'
    : 'the log does not say';
}
