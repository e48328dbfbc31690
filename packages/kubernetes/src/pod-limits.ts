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
  byName: ReadonlyMap<string, ContainerLimit>;
}

type ContainerLimit = Pick<PodSpec, 'kind' | 'limitKiB' | 'requestKiB'>;

/** More than any pod has; whoever writes more must not fill the memory. */
const maxContainers = 64;

/**
 * The limit of a pod's cgroup is its own (spec.resources), else what its containers need at one time: the sum over ordinary
 * ones and sidecars, or an init container with the sidecars before it, if that is more. If one of them has no limit the pod
 * has none. Ephemeral containers can have none and do not count (kubelet, pkg/kubelet/cm/helpers_linux.go,
 * ResourceConfigForPod; k8s.io/component-helpers/resource, PodLimits).
 */
export function podLimits(spec: PodSpecMemory): PodLimits {
  const containers = spec.containers ?? [];
  const inits = spec.initContainers ?? [];
  const ephemeral = spec.ephemeralContainers ?? [];
  const sidecars = inits.filter(isSidecar);
  const own = limitOf(spec);
  const made = own === undefined ? madeOf(containers, inits, spec.overhead?.memory) : undefined;
  const byName: [string, ContainerLimit][] = [
    ...containers.map((each) => named(each, 'container')),
    ...inits.map((each) => named(each, isSidecar(each) ? 'sidecar' : 'init')),
    ...ephemeral.map((each) => named(each, 'ephemeral')),
  ];
  return {
    containers: containers.length + sidecars.length + ephemeral.length,
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
  let sidecarsKiB = 0;
  let mostKiB = 0;
  for (const init of inits) {
    const limitKiB = limitOf(init) ?? 0;
    mostKiB = Math.max(mostKiB, sidecarsKiB + limitKiB);
    if (isSidecar(init)) sidecarsKiB += limitKiB;
  }
  const togetherKiB = containers.reduce((sum, each) => sum + (limitOf(each) ?? 0), sidecarsKiB);
  return Math.max(mostKiB, togetherKiB) + overheadKiB;
}

function named(
  container: SpecContainer,
  kind: NonNullable<PodSpec['kind']>,
): [string, ContainerLimit] {
  const limitKiB = limitOf(container);
  const requestKiB = container.resources?.requests?.memory;
  const memory = {
    ...(limitKiB !== undefined && { limitKiB }),
    ...(requestKiB !== undefined && { requestKiB }),
  };
  return [container.name, { kind, ...memory }];
}

function limitOf({ resources }: Limited): number | undefined {
  return resources?.limits?.memory;
}

function isSidecar({ restartPolicy }: SpecContainer): boolean {
  return restartPolicy === 'Always';
}
