import { statSync } from 'node:fs';
import { type Identity, identify, type Kill, limitScope } from '@oomwatcher/oom';

/** One pod in a cgroup's path. */
interface PodLevel {
  /** The cgroup that holds all pods, as `/kubepods.slice`. */
  root: string;
  pod: NonNullable<Identity['pod']>;
  container: Identity['container'];
}

/** Where kubelet has it by default, by its drivers. */
const usualRoots = ['/kubepods', '/kubepods.slice'];

const rootScopes: ReadonlySet<unknown> = new Set(['kubepods', 'qos', 'pod']);

/**
 * Whose a kill is by its cgroup, where users have cgroups of their own: in a delegated one (a systemd user's, a
 * container's) anybody may make `kubepods/pod<another pod's UID>/<its container>`, and die there. So only the outermost
 * pod of a path counts, and only below the cgroup that kubelet made, which is root's.
 */
export class PodPlace {
  readonly #cgroups: readonly string[];

  /** @param cgroupFolder where the node's hierarchies are mounted, of v2 or v1 */
  constructor(cgroupFolder = '/sys/fs/cgroup') {
    this.#cgroups = [cgroupFolder, `${cgroupFolder}/memory`];
  }

  /** The kill with the pod that it is of; the very same kill where its path says just that. */
  ofNode(kill: Kill, isKnown: (uid: string) => boolean): Kill {
    const path = kill.cgroup?.victim ?? kill.group?.cgroup ?? kill.cgroup?.limit;
    if (kill.pod === undefined || path === undefined) return kill;
    const levels = podsIn(path);
    if (levels.length === 0) return kill;
    const level = this.#believed(levels, isKnown);
    if (level?.pod.uid === kill.pod.uid && levels.length === 1) return kill;
    const { pod: _, container: __, inner: ___, ...rest } = kill;
    if (level === undefined) return rest;
    return {
      ...rest,
      ...scopeIn(level, kill),
      ...(level.container !== undefined && { container: level.container }),
      pod: podOf(level),
      ...(level !== levels.at(-1) && { inner: innerOf(levels.at(-1)) }),
    };
  }

  #believed(levels: readonly PodLevel[], isKnown: (uid: string) => boolean): PodLevel | undefined {
    const [outermost] = levels;
    if (outermost === undefined) return undefined;
    const owner = this.#owner(outermost.root);
    if (owner !== undefined) return owner === 'kubelet' ? outermost : undefined;
    // It is gone by now, and kubelet's is not.
    if (usualRoots.some((root) => this.#owner(root) === 'kubelet')) return undefined;
    // The agent sees a part of the hierarchy only (in kind), and the log has paths of the whole.
    return levels.find(({ pod }) => isKnown(pod.uid)) ?? outermost;
  }

  /** undefined: it is not there, or not to be seen from here. */
  #owner(root: string): 'kubelet' | 'another' | undefined {
    for (const folder of this.#cgroups) {
      const owner = ownerOf(`${folder}${root}`);
      if (owner === undefined) continue;
      // Whose the hierarchy is: root, by whatever number the agent knows him.
      return owner === ownerOf(folder) ? 'kubelet' : 'another';
    }
    return undefined;
  }
}

function podOf({ pod: { uid, qos } }: PodLevel): NonNullable<Kill['pod']> {
  return { uid, qos };
}

function innerOf(level: PodLevel | undefined): NonNullable<Kill['inner']> {
  if (level === undefined) return {};
  const { container } = level;
  return { pod: podOf(level), ...(container !== undefined && { container }) };
}

/** Whose limit it was as the cluster of that pod sees it: its hierarchy begins above the root of its pods. */
function scopeIn({ root }: PodLevel, { cgroup, scope }: Kill): Pick<Kill, 'scope'> {
  const outside = root.slice(0, root.lastIndexOf('/'));
  const isInside = scope !== 'node' && cgroup?.limit?.startsWith(`${root}/`);
  const within = isInside ? limitScope(cgroup?.limit?.slice(outside.length) ?? '') : scope;
  return within === undefined ? {} : { scope: within };
}

function ownerOf(path: string): number | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })?.uid;
  } catch {
    // Too long for a path of the file system, and others that name nothing.
    return undefined;
  }
}

/** Outermost first. */
export function podsIn(path: string): PodLevel[] {
  const levels: PodLevel[] = [];
  let root: string | undefined;
  const components = path.split('/');
  for (let count = 2; count <= components.length; count++) {
    const prefix = components.slice(0, count).join('/');
    const { scope, inner, ...outer } = identify(prefix);
    const { pod, container } = inner ?? outer;
    const isRoot = rootScopes.has(scope);
    // `<slice>:cri-containerd:<id>` is pod and container at once, and gone with it: whose it is says the one above.
    if (isRoot) root ??= prefix;
    const last = levels.at(-1);
    if (pod !== undefined && (scope === 'pod' || last?.pod.uid !== pod.uid)) {
      const above = components.slice(0, count - 1).join('/');
      levels.push({ root: root ?? above, pod, container });
    } else if (last !== undefined && last.pod.uid === pod?.uid) last.container ??= container;
    if (!isRoot) root = undefined;
  }
  return levels;
}
