import type { Kill } from '@oomwatcher/oom';
import { residentKiB } from './kill-words.js';
import { formatKiB } from './sizes.js';

/** `800 KiB anonymous, 30.7 MiB of files (30.7 MiB in tmpfs), 700 KiB of the kernel`; undefined: the report does not say. */
export function memoryWas({ memoryStat }: Kill): string | undefined {
  if (memoryStat === undefined) return undefined;
  const { anonKiB, fileKiB, shmemKiB, kernelKiB, socketKiB, swapKiB } = memoryStat;
  const parts: string[] = [];
  if (anonKiB !== undefined) parts.push(`${formatKiB(anonKiB)} anonymous`);
  if (fileKiB !== undefined) {
    const tmpfs = shmemKiB ? ` (${formatKiB(shmemKiB)} in tmpfs or shared memory)` : '';
    parts.push(`${formatKiB(fileKiB)} of files${tmpfs}`);
  }
  if (kernelKiB !== undefined) parts.push(`${formatKiB(kernelKiB)} of the kernel`);
  if (socketKiB) parts.push(`${formatKiB(socketKiB)} of sockets`);
  if (swapKiB) parts.push(`${formatKiB(swapKiB)} more swapped out`);
  return parts.length === 0 ? undefined : parts.join(', ');
}

/** Below this share of the usage a kind of memory is not what filled the limit. */
const minShare = 0.25;

/** Whether so much of the usage is worth a word of its own. */
export function isMuchOf(usageKiB: number, kib: number): boolean {
  return kib > 0 && kib >= usageKiB * minShare;
}

/** The memory that a reader who looks at the victim would not find; for most kills nothing. One sentence a line. */
export function surprisingMemory(kill: Kill): string[] {
  const { memory, memoryStat } = kill;
  const usageKiB = memory?.usageKiB;
  if (usageKiB === undefined || usageKiB === 0 || memoryStat === undefined) return [];
  const { fileKiB = 0, shmemKiB = 0, kernelKiB = 0, socketKiB = 0 } = memoryStat;
  const isMuch = (kib: number) => isMuchOf(usageKiB, kib);
  const of = (kib: number) => `${formatKiB(kib)} of ${formatKiB(usageKiB)}`;
  const lines: string[] = [];
  if (isMuch(shmemKiB)) {
    lines.push(
      `${of(shmemKiB)} were files in tmpfs or shared memory: an emptyDir with medium Memory and /dev/shm count against the limit.`,
    );
  }
  if (isMuch(fileKiB - shmemKiB)) {
    lines.push(
      `${of(fileKiB - shmemKiB)} were page cache that could not be given up in time: files being written, or mapped and in use.`,
    );
  }
  if (isMuch(kernelKiB)) lines.push(`${of(kernelKiB)} were the kernel's own${kernelParts(kill)}.`);
  if (isMuch(socketKiB)) {
    lines.push(`${of(socketKiB)} were buffers of sockets: data that nobody has read or sent.`);
  }
  return [...lines, ...smallVictim(kill, usageKiB)];
}

function kernelParts({ memoryStat }: Kill): string {
  const { slabKiB, pageTablesKiB } = memoryStat ?? {};
  const parts: string[] = [];
  if (slabKiB) parts.push(`${formatKiB(slabKiB)} slab (files, directories and other objects)`);
  if (pageTablesKiB) parts.push(`${formatKiB(pageTablesKiB)} page tables`);
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`;
}

/** A victim that is small beside what the processes of its limit hold. */
function smallVictim(kill: Kill, usageKiB: number): string[] {
  const anonKiB = kill.memoryStat?.anonKiB;
  const ownKiB = residentKiB(kill.victim);
  if (anonKiB === undefined || ownKiB === undefined || kill.group !== undefined) return [];
  const isSmall = ownKiB < usageKiB * minShare && anonKiB >= usageKiB / 2 && ownKiB < anonKiB / 2;
  if (!isSmall) return [];
  return [`The victim had only ${formatKiB(ownKiB)} of it: other processes held the rest.`];
}
