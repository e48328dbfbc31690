import type { PodSpec } from '@oomwatcher/oom';

/** The parts of a pod's spec that its limits follow from. */
export interface PodSpecMemory extends Limited {
  containers?: SpecContainer[] | undefined;
  initContainers?: SpecContainer[] | undefined;
  ephemeralContainers?: SpecContainer[] | undefined;
  overhead?: { memory?: number | undefined } | undefined;
}

interface SpecContainer extends Limited {
  name: string;
  restartPolicy?: string | undefined;
}

/** KiB. */
interface Limited {
  resources?: { limits?: Amounts | undefined; requests?: Amounts | undefined } | undefined;
}

interface Amounts {
  memory?: number | undefined;
}

/** What follows from a pod's spec for the memory of its cgroups. */
export interface PodLimits extends Pick<PodSpec, 'containers' | 'podLimitKiB' | 'podLimitFrom'> {
  /** What the scheduler counts for the pod; 0: nothing. */
  podRequestKiB: number;
  byName: ReadonlyMap<string, ContainerLimit>;
}

type ContainerLimit = Pick<PodSpec, 'kind' | 'limitKiB' | 'requestKiB'>;

/** More than any pod has; whoever writes more must not fill the memory. */
const maxContainers = 64;

/**
 * The limit of a pod's cgroup is its own (spec.resources), else what its containers need at one time: the sum over ordinary
 * ones and sidecars, or an init container with the sidecars before it, if that is more. If one of them has no limit the pod
 * has none. Ephemeral containers can have none and do not count (kubelet, pkg/kubelet/cm/helpers_linux.go,
 * ResourceConfigForPod; k8s.io/component-helpers/resource, PodLimits, PodRequests).
 */
export function podLimits(spec: PodSpecMemory): PodLimits {
  const containers = spec.containers ?? [];
  const inits = spec.initContainers ?? [];
  const ephemeral = spec.ephemeralContainers ?? [];
  const sidecars = inits.filter(isSidecar);
  const overheadKiB = spec.overhead?.memory;
  const own = limitOf(spec);
  const made = own === undefined ? madeOf(containers, inits, overheadKiB) : undefined;
  const byName: [string, ContainerLimit][] = [
    ...containers.map((each) => named(each, 'container')),
    ...inits.map((each) => named(each, isSidecar(each) ? 'sidecar' : 'init')),
    ...ephemeral.map((each) => named(each, 'ephemeral')),
  ];
  return {
    containers: containers.length + sidecars.length + ephemeral.length,
    podRequestKiB: requestOf(spec) ?? atOneTime(containers, inits, requestOf) + (overheadKiB ?? 0),
    ...(own !== undefined && { podLimitKiB: own, podLimitFrom: 'pod' }),
    ...(made !== undefined && { podLimitKiB: made, podLimitFrom: 'containers' }),
    byName: new Map(byName.slice(0, maxContainers)),
  };
}

/** undefined: one has no limit. */
function madeOf(
  containers: readonly SpecContainer[],
  inits: readonly SpecContainer[],
  overheadKiB = 0,
): number | undefined {
  const all = [...containers, ...inits];
  if (all.length === 0 || all.some((each) => limitOf(each) === undefined)) return undefined;
  return atOneTime(containers, inits, limitOf) + overheadKiB;
}

/** What containers that run at one time have together, at most. */
function atOneTime(
  containers: readonly SpecContainer[],
  inits: readonly SpecContainer[],
  of: (container: SpecContainer) => number | undefined,
): number {
  let sidecarsKiB = 0;
  let mostKiB = 0;
  for (const init of inits) {
    const kib = of(init) ?? 0;
    mostKiB = Math.max(mostKiB, sidecarsKiB + kib);
    if (isSidecar(init)) sidecarsKiB += kib;
  }
  const togetherKiB = containers.reduce((sum, each) => sum + (of(each) ?? 0), sidecarsKiB);
  return Math.max(mostKiB, togetherKiB);
}

function named(
  container: SpecContainer,
  kind: NonNullable<PodSpec['kind']>,
): [string, ContainerLimit] {
  const limitKiB = limitOf(container);
  const requestKiB = requestOf(container);
  const memory = {
    ...(limitKiB !== undefined && { limitKiB }),
    ...(requestKiB !== undefined && { requestKiB }),
  };
  return [container.name, { kind, ...memory }];
}

function limitOf({ resources }: Limited): number | undefined {
  return resources?.limits?.memory;
}

function requestOf({ resources }: Limited): number | undefined {
  return resources?.requests?.memory;
}

function isSidecar({ restartPolicy }: SpecContainer): boolean {
  return restartPolicy === 'Always';
}
