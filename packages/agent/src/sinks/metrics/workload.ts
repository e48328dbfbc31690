import { identify, type Kill } from '@oomwatcher/oom';

const shortIdLength = 12;

/** What names of generated objects are made of: apimachinery's util/rand. */
const generated = '[bcdfghjklmnpqrstvwxz2456789]';

/** What controllers append to a pod's name; the longest form first. */
const suffixes = [
  // Of a Deployment: the hash of its ReplicaSet.
  new RegExp(`-${generated}{6,10}-${generated}{5}$`),
  // Of a CronJob: the minute for which its Job was made.
  new RegExp(`-\\d{8}-${generated}{5}$`),
  // Of a DaemonSet or Job.
  new RegExp(`-${generated}{5}$`),
  // Of a StatefulSet.
  /-\d{1,5}$/,
];

/**
 * To what the killed process belongs, for people: the pod's owner as its name says, a pod's UID where no name is known, the
 * unit, container or cgroup of a plain host. Empty where its cgroup is not known.
 */
export function workloadOf({ pod, container, cgroup }: Kill): string {
  if (pod?.name !== undefined) return withoutSuffix(pod.name);
  if (pod !== undefined) return pod.uid;
  if (container !== undefined) return container.id.slice(0, shortIdLength);
  if (cgroup?.victim === undefined) return '';
  return identify(cgroup.victim).unit ?? cgroup.victim;
}

function withoutSuffix(name: string): string {
  const suffix = suffixes.find((candidate) => candidate.test(name));
  return suffix === undefined ? name : name.replace(suffix, '') || name;
}
