import { KmsgError } from '@oomwatcher/kmsg';

/**
 * The kernel's kill counters at a moment at which the line of every kill that they count had been read. Kept beside the
 * cursor, as JSON, it tells the next watch of the same boot in which cgroups was killed while nobody watched.
 */
export interface KnownCounts {
  bootId: string;
  /** In digits: lines up to this record of the log are of kills that are counted; no later one is. */
  seq: string;
  /** Kills of the whole node since boot. */
  total: number;
  /** The cgroups that have counted any. */
  cgroups: readonly KnownCgroup[];
}

/** How many kills a cgroup has counted, its descendants' not included. */
export interface KnownCgroup {
  /** Path from the root of the memory hierarchy; its bytes, one character each. */
  path: string;
  /** In digits, of its file with the counter: a cgroup that is made anew under the same path has another one. */
  inode: string;
  kills: number;
}

/** A node has thousands of cgroups, but kills in few. Where it is more than so many, nothing is known. */
export const maxKnownCgroups = 256;

/** @throws KmsgError with code `ERR_INVALID_ARG_VALUE` for what are no counts. */
export function checkCounts(counts: KnownCounts): void {
  const { bootId, seq, total, cgroups } = (counts ?? {}) as Partial<KnownCounts>;
  const isRight =
    typeof bootId === 'string' &&
    isDigits(seq) &&
    Number.isSafeInteger(total) &&
    Array.isArray(cgroups) &&
    cgroups.every(isKnownCgroup);
  if (isRight) return;
  throw new KmsgError('the option counts is no such counts', {
    code: 'ERR_INVALID_ARG_VALUE',
    remedy: 'give what watcher.counts was, or that as JSON, or leave it out',
  });
}

function isKnownCgroup(value: unknown): value is KnownCgroup {
  const { path, inode, kills } = (value ?? {}) as Partial<KnownCgroup>;
  return typeof path === 'string' && isDigits(inode) && Number.isSafeInteger(kills);
}

function isDigits(value: unknown): boolean {
  return typeof value === 'string' && /^-?\d{1,20}$/.test(value);
}
