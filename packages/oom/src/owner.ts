import type { Identity } from './cgroup-path.js';
import { defined } from './defined.js';
import type { Kill } from './kill.js';

/** Whose a cgroup is, as a kill has it; what is not known is absent. */
export function ownerOf(identity: Identity | undefined): Pick<Kill, 'container' | 'pod' | 'inner'> {
  const { container, pod, inner } = identity ?? {};
  return defined<Pick<Kill, 'container' | 'pod' | 'inner'>>({
    container,
    pod: podOf(pod),
    inner: inner && defined<NonNullable<Kill['inner']>>({ ...inner, pod: podOf(inner.pod) }),
  });
}

function podOf(pod: Identity['pod']): Kill['pod'] {
  return pod === undefined ? undefined : { uid: pod.uid, qos: pod.qos };
}
