import { join } from 'node:path';
import { imageIn, nameIn, readJson } from './runtime-file.js';
import type { Told } from './told.js';

/** One file for all containers: about 1 KiB each. */
const maxBytes = 4 * 1024 * 1024;

/**
 * The list that the storage library of Podman keeps (containers/storage, `containers.json`): names, and as JSON in a text
 * what the image was called when the container was made.
 */
export function readPodman(folder: string, id: string): Told | undefined {
  const list = readJson(join(folder, 'containers.json'), maxBytes);
  const found = Array.isArray(list) ? list.find((each) => each?.id === id) : undefined;
  if (found === undefined) return undefined;
  const name = nameIn(Array.isArray(found.names) ? found.names[0] : undefined);
  const image = imageIn(metadataOf(found.metadata)?.['image-name']);
  return name === undefined ? undefined : { name, ...(image !== undefined && { image }) };
}

function metadataOf(text: unknown): Record<string, unknown> | undefined {
  try {
    return typeof text === 'string' ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
