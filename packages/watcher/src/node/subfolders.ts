import { readdirSync } from 'node:fs';

/** The names of a cgroup's children, one character a byte. */
export function subfolders(folder: string | Buffer): string[] {
  try {
    return readdirSync(folder, { encoding: 'latin1', withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch {
    // Removed while it was being read, or not ours to read.
    return [];
  }
}
