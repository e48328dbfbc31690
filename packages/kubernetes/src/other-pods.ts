import type { Kill, OtherPod } from '@oomwatcher/oom';
import type { PodCache } from './pod-cache.js';

/** The kill with what the node's other pods are called and what they request; the very same kill where it has none. */
export function withOtherPods(kill: Kill, cache: Pick<PodCache, 'find'>): Kill {
  const { otherPods } = kill;
  if (otherPods === undefined) return kill;
  const biggest = otherPods.biggest.map((pod) => known(pod, cache));
  return { ...kill, otherPods: { ...otherPods, biggest } };
}

function known(pod: OtherPod, cache: Pick<PodCache, 'find'>): OtherPod {
  const found = cache.find(pod.uid);
  if (found === undefined) return pod;
  const { namespace, name, limits } = found;
  return {
    ...pod,
    namespace,
    name,
    ...(limits !== undefined && { requestKiB: limits.podRequestKiB }),
  };
}
