import { identify } from './cgroup-path.js';
import { guestOf } from './guest.js';
import type { Kill } from './kill.js';

/** What a kill is counted under: what goes on when one process, container or pod of it is replaced. */
export interface Workload {
  /**
   * `deployment`, `statefulset`, `daemonset`, `job`, `cronjob`, or another kind that made the pod; `pods`: the API has not
   * said which; `service`: of Docker Compose, in the namespace of its project; `vm`, `nomad-task`, `slurm-job`:
   * see Guest; `unit`: of systemd; `container`, `cgroup`; `process`: nobody knows where it ran.
   */
  kind: string;
  namespace?: string;
  name: string;
}

/** The workload of a kill, by what made its pod, else by its pod's name, its unit, container, cgroup or process. */
export function workloadOf({ pod, cgroup, group, container, victim }: Kill): Workload | undefined {
  if (pod?.namespace !== undefined && pod.name !== undefined) {
    const { namespace, owner } = pod;
    return owner === undefined
      ? { kind: 'pods', namespace, name: withoutPodHash(pod.name) }
      : { kind: owner.kind.toLowerCase(), namespace, name: owner.name };
  }
  if (pod !== undefined) return { kind: 'pod', name: pod.uid };
  const { project, service } = container?.compose ?? {};
  if (service !== undefined && project !== undefined) {
    return { kind: 'service', namespace: project, name: service };
  }
  if (container !== undefined) return { kind: 'container', name: container.name ?? container.id };
  const path = cgroup?.victim ?? group?.cgroup ?? cgroup?.limit;
  if (path !== undefined) {
    const guest = guestOf(path);
    if (guest !== undefined) return { ...guest };
    const { unit } = identify(path);
    if (unit !== undefined) return { kind: 'unit', name: withoutUnitHash(unit) };
    return { kind: 'cgroup', name: withoutRunIds(path) };
  }
  return victim && { kind: 'process', name: victim.name };
}

/** `deployment shop/checkout`: one text for each workload, and no text for two. */
export function workloadKey({ kind, namespace, name }: Workload): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

/** Kubernetes names by these only: no vowel, and nothing that looks like one (apimachinery, util/rand). */
const hash = '[bcdfghjklmnpqrstvwxz2456789]';
const podHash = new RegExp(`^(.+?)(?:-${hash}{8,10})?-${hash}{5}$`);

/** `checkout-7d9f8b6c5d-x2x4q`, `web-0` -> `checkout`, `web`. */
function withoutPodHash(pod: string): string {
  return podHash.exec(pod)?.[1] ?? /^(.+)-\d{1,4}$/.exec(pod)?.[1] ?? pod;
}

/** `run-u12.service`, `session-3.scope`, `run-r3f9d….scope` -> `run.service`, `session.scope`, `run.scope`. */
function withoutUnitHash(unit: string): string {
  return unit.replace(/(?:-(?:[irpu]?\d+|r?[0-9a-f]{8,}))+(?=\.(?:scope|service)$)/, '');
}

/** `/build-4711-20` -> `/build-*`, and ids as `*`: what another run of the same has too. */
function withoutRunIds(path: string): string {
  return path.replace(/[0-9a-f]{12,}/g, '*').replace(/(?:-\d{3,})(?:-\d+)*(?=\/|$)/g, '-*');
}
