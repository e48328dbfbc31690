import type { Kill } from '@oomwatcher/oom';
import { readContainerd } from './containerd.js';
import { readDocker } from './docker.js';
import { readPodman } from './podman.js';
import type { Container, Told } from './told.js';

/** Where the runtimes of root have their files; another place for tests. */
export interface RuntimeFolders {
  docker?: string;
  podman?: readonly string[];
  containerd?: string;
}

/** Containers that are remembered; beyond it the oldest is forgotten. */
const maxKnown = 1024;

/**
 * What the users of a host call their containers, by files that only root can write, and that mostly only root can read:
 * to another user containers have ids. Of a pod the API server knows the names.
 */
export class ToldContainers {
  readonly #folders: Required<RuntimeFolders>;
  readonly #known = new Map<string, Told | undefined>();

  constructor(folders: RuntimeFolders = {}) {
    this.#folders = {
      docker: '/var/lib/docker/containers',
      podman: ['/var/lib/containers/storage', '/run/containers/storage'],
      containerd: '/run/containerd/io.containerd.runtime.v2.task',
      ...folders,
    };
  }

  /** The kill with what is known of its container; the very same kill where that is nothing. */
  enrich(kill: Kill): Kill {
    const { container, cgroup, pod } = kill;
    const path = cgroup?.victim ?? cgroup?.limit;
    if (container === undefined || pod !== undefined || path === undefined) return kill;
    const told = this.#toldOf(container, path);
    return told === undefined ? kill : { ...kill, container: { ...container, ...told } };
  }

  #toldOf(container: Container, path: string): Told | undefined {
    const key = `${container.runtime} ${path}`;
    if (this.#known.has(key)) return this.#known.get(key);
    const told = this.#read(container, path);
    if (this.#known.size >= maxKnown) {
      const [oldest] = this.#known.keys();
      this.#known.delete(oldest as string);
    }
    this.#known.set(key, told);
    return told;
  }

  #read({ id, runtime }: Container, path: string): Told | undefined {
    const { docker, podman, containerd } = this.#folders;
    if (!isOfRoot(path, id)) return undefined;
    if (runtime === 'docker') return readDocker(docker, id);
    if (runtime === 'podman') return readPodman(podman, id);
    if (runtime === 'containerd') return readContainerd(containerd, namespaceIn(path), id);
    // `docker run --cgroup-parent` on the cgroupfs driver: nothing in the path says whose it is.
    const told = runtime === undefined ? readDocker(docker, id) : undefined;
    return told && { ...told, runtime: 'docker' };
  }
}

/** Cgroups in which a runtime of root puts containers; the id is of 64 digits or a name. */
const parents =
  /^(?:(?:\/[^/]+\.slice)+|\/docker|\/libpod_parent(?:\/[0-9a-f]{64})?|\/[\w.-]+)\/[^/]*$/;

/**
 * Whether only root makes such a cgroup: below slices of systemd, or below a cgroup at the top. In one that is delegated (a
 * user's, a service's) anybody may make a `docker-<id>.scope` and die there.
 */
function isOfRoot(path: string, id: string): boolean {
  const components = path.split('/');
  const own = components.findIndex(
    (component) =>
      component === id || component.endsWith(`-${id}`) || component.endsWith(`-${id}.scope`),
  );
  const whole = components.slice(0, own + 1).join('/');
  return own > 0 && !/^\/user\.slice(?:\/|$)/.test(whole) && parents.test(whole);
}

/** Of `/NAMESPACE/NAME`; nerdctl's `nerdctl-ID.scope` does not say it. */
function namespaceIn(path: string): string {
  return /^\/([\w-]+(?:\.io)?)\/[^/.]+/.exec(path)?.[1] ?? 'default';
}
