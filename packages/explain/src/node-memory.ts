import type { Kill, NodeMemory, ZoneMemory } from '@oomwatcher/oom';
import { english, type Words } from './english.js';
import { isMuchOf } from './much.js';
import { formatKiB } from './sizes.js';

// Of a machine that ran out of memory: what its memory was, and what the report shows of why.

/** `7.6 GiB in all, of it 6.9 GiB anonymous or tmpfs, 20.0 MiB page cache, …, 66.0 MiB free; no swap`; undefined: the report does not say. */
export function nodeMemoryWas(
  { managedKiB, ...memory }: NodeMemory,
  words: Words = english,
): string | undefined {
  if (managedKiB === undefined) return undefined;
  const said = words.nodeMemoryWas;
  const parts: [(size: string) => string, kib: number | undefined, evenNone: boolean][] = [
    [said.anonymous, memory.anonKiB, true],
    [said.files, memory.fileKiB, true],
    [said.unevictable, memory.unevictableKiB, false],
    [said.slab, memory.slabKiB, false],
    [said.hugePages, memory.hugePagesKiB, false],
    [said.free, memory.freeKiB, true],
  ];
  const known = parts.flatMap(([say, kib, evenNone]) =>
    kib === undefined || (kib === 0 && !evenNone) ? [] : say(formatKiB(kib)),
  );
  return said.all(formatKiB(managedKiB), known.join(words.comma), swapWords(memory, words));
}

function swapWords({ swapTotalKiB, swapFreeKiB }: NodeMemory, { nodeMemoryWas }: Words) {
  if (swapTotalKiB === undefined || swapFreeKiB === undefined) return undefined;
  if (swapTotalKiB === 0) return nodeMemoryWas.noSwap;
  return nodeMemoryWas.swap(formatKiB(swapTotalKiB - swapFreeKiB), formatKiB(swapTotalKiB));
}

/** What ran out, and the memory that no look at the biggest processes finds. One sentence a line. */
export function nodeAdvice(kill: Kill, words: Words = english): string[] {
  const { nodeMemory } = kill;
  if (nodeMemory === undefined) return [];
  return [...whatRanOut(kill, nodeMemory, words), ...surprisingOf(nodeMemory, words)];
}

/** Zones that are told one by one. */
const maxTold = 4;

function whatRanOut({ trigger }: Kill, { zones = [] }: NodeMemory, { advice }: Words): string[] {
  const exhausted = zones.filter(({ freeKiB, minKiB }) => freeKiB <= minKiB);
  if (exhausted.length > 0) {
    const told = exhausted
      .slice(0, maxTold)
      .map((zone) =>
        advice.zone(zone.node, zone.zone, formatKiB(zone.freeKiB), formatKiB(zone.minKiB)),
      );
    return [advice.exhausted(told, exhausted.length - told.length)];
  }
  return fragmented(trigger?.order ?? 0, zones, advice);
}

/** Of an allocation of several pages in one piece: free memory does not help it where every free piece is smaller. */
function fragmented(
  order: number,
  zones: readonly ZoneMemory[],
  advice: Words['advice'],
): string[] {
  if (order <= 0) return [];
  const scattered = zones.filter(({ largestFreeOrder = order }) => largestFreeOrder < order);
  const most = scattered.toSorted((a, b) => b.freeKiB - a.freeKiB)[0];
  if (most === undefined) return [];
  return [advice.fragmented(2 ** order, most.node, most.zone, formatKiB(most.freeKiB))];
}

function surprisingOf(memory: NodeMemory, { advice }: Words): string[] {
  const { managedKiB = 0, shmemKiB = 0, slabKiB = 0, unevictableKiB = 0 } = memory;
  const { hugePagesKiB = 0, hugePagesFreeKiB = 0, swapTotalKiB = 0, swapFreeKiB } = memory;
  const all = formatKiB(managedKiB);
  const isMuch = (kib: number) => managedKiB > 0 && isMuchOf(managedKiB, kib);
  const lines: string[] = [];
  if (isMuch(shmemKiB)) lines.push(advice.nodeTmpfs(formatKiB(shmemKiB), all));
  if (isMuch(slabKiB)) lines.push(advice.nodeSlab(formatKiB(slabKiB), all));
  if (isMuch(unevictableKiB)) lines.push(advice.nodeUnevictable(formatKiB(unevictableKiB), all));
  if (isMuch(hugePagesKiB))
    lines.push(advice.hugePages(formatKiB(hugePagesKiB), all, formatKiB(hugePagesFreeKiB)));
  if (swapTotalKiB > 0 && swapFreeKiB !== undefined && swapFreeKiB <= swapTotalKiB / 100)
    lines.push(advice.swapFull(formatKiB(swapTotalKiB), formatKiB(swapFreeKiB)));
  return lines;
}
