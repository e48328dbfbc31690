import type { Kill } from '@oomwatcher/oom';
import { english, type Words } from './english.js';
import { isMuchOf, minShare } from './much.js';
import { nodeMemoryWas } from './node-memory.js';
import { residentKiB } from './resident.js';
import { formatKiB } from './sizes.js';

/** `800 KiB anonymous, 30.7 MiB of files (30.7 MiB in tmpfs), 700 KiB of the kernel`; undefined: the report does not say. */
export function memoryWas(
  { memoryStat, nodeMemory }: Kill,
  words: Words = english,
): string | undefined {
  if (nodeMemory !== undefined) return nodeMemoryWas(nodeMemory, words);
  if (memoryStat === undefined) return undefined;
  const { anonKiB, fileKiB, shmemKiB, kernelKiB, socketKiB, swapKiB } = memoryStat;
  const said = words.memoryWas;
  const parts: string[] = [];
  if (anonKiB !== undefined) parts.push(said.anonymous(formatKiB(anonKiB)));
  if (fileKiB !== undefined) parts.push(said.files(formatKiB(fileKiB), sizeOf(shmemKiB)));
  if (kernelKiB !== undefined) parts.push(said.kernel(formatKiB(kernelKiB)));
  if (socketKiB) parts.push(said.sockets(formatKiB(socketKiB)));
  if (swapKiB) parts.push(said.swapped(formatKiB(swapKiB)));
  return parts.length === 0 ? undefined : parts.join(words.comma);
}

/** undefined: there is none, or it is not known. */
function sizeOf(kib: number | undefined): string | undefined {
  return kib ? formatKiB(kib) : undefined;
}

/** The memory that a reader who looks at the victim would not find; for most kills nothing. One sentence a line. */
export function surprisingMemory(kill: Kill, { advice }: Words = english): string[] {
  const { memory, memoryStat } = kill;
  const usageKiB = memory?.usageKiB;
  if (usageKiB === undefined || usageKiB === 0 || memoryStat === undefined) return [];
  const { fileKiB = 0, shmemKiB = 0, kernelKiB = 0, socketKiB = 0 } = memoryStat;
  const isMuch = (kib: number) => isMuchOf(usageKiB, kib);
  const used = formatKiB(usageKiB);
  const cacheKiB = fileKiB - shmemKiB;
  const lines: string[] = [];
  if (isMuch(shmemKiB)) lines.push(advice.tmpfs(formatKiB(shmemKiB), used));
  if (isMuch(cacheKiB)) lines.push(advice.pageCache(formatKiB(cacheKiB), used));
  if (isMuch(kernelKiB)) {
    const { slabKiB, pageTablesKiB } = memoryStat;
    lines.push(advice.kernel(formatKiB(kernelKiB), used, sizeOf(slabKiB), sizeOf(pageTablesKiB)));
  }
  if (isMuch(socketKiB)) lines.push(advice.sockets(formatKiB(socketKiB), used));
  const smallKiB = smallVictimKiB(kill, usageKiB);
  return smallKiB === undefined ? lines : [...lines, advice.smallVictim(formatKiB(smallKiB))];
}

/** Of a victim that is small beside what the processes of its limit hold. */
function smallVictimKiB(kill: Kill, usageKiB: number): number | undefined {
  const anonKiB = kill.memoryStat?.anonKiB;
  const ownKiB = residentKiB(kill.victim);
  if (anonKiB === undefined || ownKiB === undefined || kill.group !== undefined) return undefined;
  const isSmall = ownKiB < usageKiB * minShare && anonKiB >= usageKiB / 2 && ownKiB < anonKiB / 2;
  return isSmall ? ownKiB : undefined;
}
