import { join } from 'node:path';
import { nameIn, readJson } from './runtime-file.js';
import type { Told } from './told.js';

/** The OCI configuration of a task: some 20 KiB. */
const maxBytes = 1024 * 1024;

/**
 * What nerdctl wrote into the configuration of the running task (`nerdctl/name`, pkg/labels of nerdctl). What ctr(8) starts
 * has no name but its id.
 */
export function readContainerd(folder: string, namespace: string, id: string): Told | undefined {
  const config = readJson(join(folder, namespace, id, 'config.json'), maxBytes) as
    | { annotations?: Record<string, unknown> | null }
    | null
    | undefined;
  const name = nameIn(config?.annotations?.['nerdctl/name']);
  return name === undefined ? undefined : { name };
}
