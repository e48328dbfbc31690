import { join } from 'node:path';
import { imageIn, nameIn, readJson } from './runtime-file.js';
import type { Told } from './told.js';

/** One file for all containers: about 1 KiB each. */
const maxBytes = 4 * 1024 * 1024;

/** By the storage driver. */
const lists = ['overlay', 'vfs', 'btrfs', 'zfs'].flatMap((driver) =>
  // Of containers that end with the machine (`--rm`) newer ones have a list of their own, below /run.
  ['containers.json', 'volatile-containers.json'].map((file) => join(`${driver}-containers`, file)),
);

/**
 * The list that the storage library of Podman keeps (containers/storage, container.go): names, and as JSON in a text what
 * the image was called when the container was made.
 */
export function readPodman(folders: readonly string[], id: string): Told | undefined {
  for (const path of folders.flatMap((folder) => lists.map((list) => join(folder, list)))) {
    const told = toldIn(readJson(path, maxBytes), id);
    if (told !== undefined) return told;
  }
  return undefined;
}

function toldIn(list: unknown, id: string): Told | undefined {
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
