import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

/**
 * The JSON of a runtime's file; undefined: it is not there, not ours to read, no plain file, too big, or no JSON. Never
 * waits: what lies there may be a FIFO.
 */
export function readJson(path: string, maxBytes: number): unknown {
  let file: number | undefined;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    const stat = fstatSync(file);
    if (!stat.isFile() || stat.size > maxBytes) return undefined;
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** A name as runtimes allow it. */
export function nameIn(value: unknown): string | undefined {
  return typeof value === 'string' && /^[A-Za-z0-9][\w.-]{0,127}$/.test(value) ? value : undefined;
}

/** An image as it was asked for: registry, path, tag, digest. */
export function imageIn(value: unknown): string | undefined {
  return typeof value === 'string' && /^[A-Za-z0-9][\w./:@+-]{0,511}$/.test(value)
    ? value
    : undefined;
}
