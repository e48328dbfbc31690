import { join } from 'node:path';
import { imageIn, nameIn, readJson } from './runtime-file.js';
import type { Told } from './told.js';

/** Some KiB; with thousands of labels some hundred. */
const maxBytes = 1024 * 1024;

interface Config {
  Name?: unknown;
  Config?: { Image?: unknown; Labels?: Record<string, unknown> | null } | null;
}

/** The daemon's own file of a container (container/container.go of moby, `config.v2.json`). */
export function readDocker(folder: string, id: string): Told | undefined {
  const config = readJson(join(folder, id, 'config.v2.json'), maxBytes) as
    | Config
    | null
    | undefined;
  if (typeof config !== 'object' || config === null) return undefined;
  const { Name, Config: inner } = config;
  const name = nameIn(typeof Name === 'string' ? Name.replace(/^\//, '') : undefined);
  const image = imageIn(inner?.Image);
  const compose = composeIn(inner?.Labels);
  const told: Told = {
    ...(name !== undefined && { name }),
    ...(image !== undefined && { image }),
    ...(compose !== undefined && { compose }),
  };
  return Object.keys(told).length === 0 ? undefined : told;
}

/** https://docs.docker.com/compose/ labels a container by these. */
function composeIn(labels: Record<string, unknown> | null | undefined): Told['compose'] {
  const project = nameIn(labels?.['com.docker.compose.project']);
  const service = nameIn(labels?.['com.docker.compose.service']);
  return project === undefined || service === undefined ? undefined : { project, service };
}
