import type { Kill } from '@oomwatcher/oom';

/** Kills of a boot, from this record on. */
export interface KillsFrom {
  bootId: string;
  seq: bigint;
}

/** A kill that only the kernel's counters tell is none of them. */
export function isAmong({ bootId, seq }: Kill, from: KillsFrom): boolean {
  return bootId === from.bootId && seq !== undefined && seq >= from.seq;
}

/** Whether some that were among them are not any more. */
export function hasFewer(now: KillsFrom | undefined, before: KillsFrom | undefined): boolean {
  return before !== undefined && (now === undefined || now.seq > before.seq);
}
