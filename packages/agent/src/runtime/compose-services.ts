import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Kill } from '@oomwatcher/oom';

type Compose = NonNullable<NonNullable<Kill['container']>['compose']>;

/** Containers that are remembered; beyond it the oldest is forgotten. */
const maxKnown = 1024;

/** Some KiB; with thousands of labels some hundred. */
const maxBytes = 1024 * 1024;

/** Docker's own cgroups, which are root's: in a delegated one anybody may make a `docker-<id>.scope` and die there. */
const ofDocker = /^(?:\/docker\/|\/system\.slice\/docker-)[0-9a-f]{64}(?:\.scope)?(?:\/|$)/;

/**
 * Which service of Docker Compose a container is of, as the daemon's own file of the container says. That is root's: to
 * another user every container is of no service. https://docs.docker.com/compose/ labels a container by them.
 */
export class ComposeServices {
  readonly #folder: string;
  readonly #known = new Map<string, Compose | undefined>();

  constructor(folder = '/var/lib/docker/containers') {
    this.#folder = folder;
  }

  /** The kill with its service; the very same kill where it has none. */
  enrich(kill: Kill): Kill {
    const { container, cgroup, pod } = kill;
    if (container?.runtime !== 'docker' || pod !== undefined) return kill;
    if (!ofDocker.test(cgroup?.victim ?? cgroup?.limit ?? '')) return kill;
    const compose = this.#serviceOf(container.id);
    return compose === undefined ? kill : { ...kill, container: { ...container, compose } };
  }

  #serviceOf(id: string): Compose | undefined {
    if (this.#known.has(id)) return this.#known.get(id);
    const compose = read(join(this.#folder, id, 'config.v2.json'));
    if (this.#known.size >= maxKnown) {
      const [oldest] = this.#known.keys();
      this.#known.delete(oldest as string);
    }
    this.#known.set(id, compose);
    return compose;
  }
}

function read(path: string): Compose | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    if (fstatSync(file).size > maxBytes) return undefined;
    const labels = JSON.parse(readFileSync(file, 'utf8'))?.Config?.Labels;
    const project = nameIn(labels?.['com.docker.compose.project']);
    const service = nameIn(labels?.['com.docker.compose.service']);
    return project === undefined || service === undefined ? undefined : { project, service };
  } catch {
    // Not there, not ours to read, or another version's.
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function nameIn(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w.-]{1,128}$/.test(value) ? value : undefined;
}
