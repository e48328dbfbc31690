import {
  type ContainerId,
  containerOf,
  isHex,
  isMonitor,
  suffixedContainer,
  unescapeUnit,
} from './container-path.js';
import type { Scope } from './kill.js';
import type { Qos } from './qos.js';

/** What a cgroup's path says about whose it is. What the path does not say is absent. */
export interface Identity {
  /** What the cgroup itself is. A cgroup below a container is still inside that container. */
  scope?: Scope;
  pod?: { uid: string; qos: Qos; static: boolean };
  container?: ContainerId;
  /** What a cluster inside the pod (kind, k3s) calls it: whoever runs in the pod makes these cgroups. */
  inner?: { pod?: NonNullable<Identity['pod']>; container?: ContainerId };
  /** The container of the host that a nested cluster or engine (kind, k3d, Docker in Docker) runs in. */
  outerContainer?: ContainerId;
  /** The process that looks after a container from outside it (conmon, lxc-start), not the container. */
  role?: 'monitor';
  /** The systemd unit the cgroup is in, its `\xNN` escapes of printable characters undone: for display only. */
  unit?: string;
}

const QOS_LEVELS: readonly Qos[] = ['burstable', 'besteffort'];

/**
 * Reads a cgroup path, from the root of the hierarchy, of any kubelet driver and container runtime.
 * An unknown path ('', '/', relative, the kernel's '(name too long)') gives an empty identity. Linear in the path.
 */
export function identify(path: string): Identity {
  if (!path.startsWith('/') || path === '/') return {};
  const components = path.split('/');
  const identity: Identity = {};
  let scope: Scope = 'cgroup';

  for (let index = 1; index < components.length; index++) {
    const component = components[index]!;

    const level = kubernetesLevel(components, index);
    if (level !== undefined) {
      scope = level.container !== undefined ? 'container' : level.scope;
      // In a pod's container: the pod is the one that this node's kubelet made.
      if (identity.pod !== undefined && identity.container !== undefined) {
        if (level.pod !== undefined) identity.inner = innerOf(level.pod, level.container);
        continue;
      }
      // A cluster inside a container of the host: the pod is the inner one.
      keepOuter(identity);
      delete identity.pod;
      delete identity.unit;
      if (level.pod !== undefined) identity.pod = level.pod;
      if (level.container !== undefined) identity.container = level.container;
      continue;
    }

    const container = containerOf(components, index);
    if (container !== undefined) {
      // In a pod the first container is the kubelet's; what an engine inside it starts is part of it.
      if (identity.pod !== undefined && identity.container !== undefined) {
        if (identity.inner?.pod === undefined) continue;
        identity.inner.container ??= container;
        scope = 'container';
        continue;
      }
      keepOuter(identity);
      identity.container = container;
      scope = 'container';
      continue;
    }

    if (identity.container !== undefined) continue;
    if (isMonitor(components, index)) identity.role = 'monitor';
    if (component.endsWith('.service') || component.endsWith('.scope')) {
      identity.unit = unescapeUnit(component);
      scope = 'service';
    } else if (component.endsWith('.slice')) {
      identity.unit = unescapeUnit(component);
      scope = 'slice';
    } else if (scope !== 'service') {
      scope = 'cgroup';
    }
  }

  if (scope !== 'service' && scope !== 'slice' && scope !== 'cgroup') delete identity.unit;
  return { scope, ...identity };
}

/**
 * Whose limit it is: that of the cgroup itself. A limit below a container or a unit is the inner cgroup's, set by what runs
 * there (a job of Slurm, a unit of an LXC container, a pod of a cluster inside a pod), and no setting of the container or
 * unit changes it.
 */
export function limitScope(path: string): Scope | undefined {
  const { scope, container, inner } = identify(path);
  if (inner !== undefined) return 'cgroup';
  if (scope !== 'container' && scope !== 'service') return scope;
  const components = path.split('/');
  const last = components.at(-1) as string;
  if (container !== undefined) {
    const own = components.findIndex((_, index) => idAt(components, index) === container.id);
    const below = components.slice(own + 1);
    if (below.length === 0 || (below.length === 1 && innerOfRuntimes.has(last))) return 'container';
  }
  if (last.endsWith('.service') || last.endsWith('.scope')) return 'service';
  return last.endsWith('.slice') ? 'slice' : 'cgroup';
}

/** What runtimes put a container's processes in, below the cgroup that they made for it: crun, Proxmox's LXC. */
const innerOfRuntimes: ReadonlySet<string> = new Set(['container', 'ns']);

function idAt(components: string[], index: number): string | undefined {
  return (kubernetesLevel(components, index)?.container ?? containerOf(components, index))?.id;
}

/** Of several clusters inside each other the innermost. */
function innerOf(
  pod: NonNullable<Identity['pod']>,
  container: ContainerId | undefined,
): NonNullable<Identity['inner']> {
  return container === undefined ? { pod } : { pod, container };
}

function keepOuter(identity: Identity): void {
  if (identity.container === undefined) return;
  // Of several shells the outermost is the one that this host's runtime knows.
  identity.outerContainer ??= identity.container;
  delete identity.container;
}

interface KubernetesLevel {
  scope: 'kubepods' | 'qos' | 'pod';
  pod?: NonNullable<Identity['pod']>;
  container?: ContainerId;
}

function kubernetesLevel(components: string[], index: number): KubernetesLevel | undefined {
  return cgroupfsLevel(components, index) ?? systemdLevel(components[index]!);
}

/**
 * `kubepods`, `kubepods/burstable`, `kubepods[/burstable]/pod<uid>`. A `pod…` anywhere else is somebody's own name:
 * Talos keeps its kubelet in `/podruntime`, and a container may make cgroups of its own.
 */
function cgroupfsLevel(components: string[], index: number): KubernetesLevel | undefined {
  const component = components[index]!;
  if (component === 'kubepods') return { scope: 'kubepods' };
  const parent = components[index - 1];
  const parentQos =
    parent === 'kubepods'
      ? 'guaranteed'
      : QOS_LEVELS.find((qos) => qos === parent && components[index - 2] === 'kubepods');
  if (parentQos === undefined) return undefined;
  if (parentQos === 'guaranteed' && QOS_LEVELS.some((qos) => qos === component)) {
    return { scope: 'qos' };
  }
  return component.startsWith('pod')
    ? podLevel(component.slice('pod'.length), parentQos)
    : undefined;
}

/**
 * `[<root>-]kubepods[-<qos>][-pod<uid>].slice`. With the kubelet on the systemd driver and runc on cgroupfs the whole
 * `<slice>:cri-containerd:<id>` becomes one cgroup (containerd #4900).
 */
function systemdLevel(component: string): KubernetesLevel | undefined {
  const colon = component.indexOf(':');
  const slice = colon < 0 ? component : component.slice(0, colon);
  if (!slice.endsWith('.slice')) return undefined;
  const name = slice.slice(0, -'.slice'.length);
  const start = name.indexOf('kubepods');
  if (start < 0 || (start > 0 && name[start - 1] !== '-')) return undefined;

  let rest = name.slice(start + 'kubepods'.length);
  if (rest === '') return { scope: 'kubepods' };
  const qos = QOS_LEVELS.find((level) => rest === `-${level}` || rest.startsWith(`-${level}-`));
  if (qos !== undefined) rest = rest.slice(qos.length + 1);
  if (rest === '') return { scope: 'qos' };
  if (!rest.startsWith('-pod')) return undefined;

  const level = podLevel(withDashes(rest.slice('-pod'.length)), qos ?? 'guaranteed');
  const container = colon < 0 ? undefined : suffixedContainer(component.slice(colon + 1));
  if (level !== undefined && container !== undefined) level.container = container;
  return level;
}

function podLevel(uid: string, qos: Qos): KubernetesLevel | undefined {
  if (!isPodUid(uid)) return undefined;
  // The kubelet hashes a static pod's manifest into 32 digits; the API server knows that pod by another uid.
  return { scope: 'pod', pod: { uid, qos, static: uid.length === 32 && isHex(uid) } };
}

/** A slice name has no room for the dashes of a UUID (they make levels), so the kubelet writes `_`. */
function withDashes(uid: string): string {
  const isUuid = uid.length === 36 && [8, 13, 18, 23].every((at) => uid[at] === '_');
  return isUuid ? uid.replaceAll('_', '-') : uid;
}

/** A manifest may set any uid of its own. */
function isPodUid(text: string): boolean {
  return /^[A-Za-z0-9._-]+$/.test(text);
}
