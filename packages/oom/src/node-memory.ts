import { defined } from './defined.js';
import type { FreeListLine } from './lines/free-list-line.js';
import type { HugePagesLine, NodeFigures, NodeMemoryLine } from './lines/node-memory-lines.js';

/**
 * What a machine's memory was when it ran out, of the NUMA nodes that could be used, sizes in KiB: the report's `Mem-Info`.
 * The kernel prints it a moment after it has decided, so that more may be free by then.
 */
export interface NodeMemory {
  /** What the kernel gives out of it. */
  managedKiB?: number;
  freeKiB?: number;
  /** Anonymous memory, files in tmpfs and shared memory, as far as they are not unevictable. */
  anonKiB?: number;
  /** Page cache, without tmpfs and shared memory. */
  fileKiB?: number;
  /** Files in tmpfs, /dev/shm and shared memory: a part of `anonKiB` and `unevictableKiB`. */
  shmemKiB?: number;
  /** What cannot be taken back: locked (mlock) or in a ramfs. */
  unevictableKiB?: number;
  /** The kernel's objects. */
  slabKiB?: number;
  /** Set aside as huge pages (hugetlbfs), and how much of that is free. */
  hugePagesKiB?: number;
  hugePagesFreeKiB?: number;
  swapTotalKiB?: number;
  swapFreeKiB?: number;
  /** The zones nearest to their minimum, at most 32, in the order of the report. */
  zones?: ZoneMemory[];
}

/** One zone of one NUMA node: the kernel gives out memory by zones, and each has a minimum of its own. */
export interface ZoneMemory {
  /** The NUMA node. */
  node: number;
  zone: string;
  freeKiB: number;
  /** With no more free than this an ordinary allocation fails. */
  minKiB: number;
  managedKiB: number;
  /** The greatest free piece has 2^n pages; -1: there is none. */
  largestFreeOrder?: number;
}

type Sums = { [name in keyof NodeMemory]?: NodeMemory[name] | undefined };

/** More than machines have; of one with more no sums are known. */
const maxLines = 512;
const maxZones = 32;

/**
 * The figures of one report. Each line counts once: another thread's failed allocation prints the same lines between
 * (warn_alloc), and its figures are not this moment's.
 */
export class NodeMemoryFigures {
  readonly #zones = new Map<string, { zone: ZoneMemory; figures: NodeFigures }>();
  readonly #nodes = new Map<number, NodeFigures>();
  readonly #hugePages = new Map<string, HugePagesLine>();
  readonly #rest: { slabPages?: number; swapTotalKiB?: number; swapFreeKiB?: number } = {};
  #isCut = false;

  add(line: NodeMemoryLine | FreeListLine): void {
    if (line.type === 'free-list') {
      const known = this.#zones.get(`${line.node} ${line.zone}`);
      if (known !== undefined) known.zone.largestFreeOrder ??= line.largestFreeOrder;
      return;
    }
    switch (line.of) {
      case 'zone': {
        const { node, zone, freeKiB, minKiB, managedKiB, figures } = line;
        const read = { zone: { node, zone, freeKiB, minKiB, managedKiB }, figures };
        return this.#first(this.#zones, `${node} ${zone}`, read);
      }
      case 'node':
        return this.#first(this.#nodes, line.node, line.figures);
      case 'hugepages':
        return this.#first(this.#hugePages, `${line.node} ${line.sizeKiB}`, line);
      case 'slab':
        this.#rest.slabPages ??= line.pages;
        return;
      case 'swapFree':
        this.#rest.swapFreeKiB ??= line.kiB;
        return;
      case 'swapTotal':
        this.#rest.swapTotalKiB ??= line.kiB;
    }
  }

  /** @param pageSizeKiB undefined: what is counted in pages is not known */
  record(pageSizeKiB: number | undefined): NodeMemory | undefined {
    const { slabPages, swapTotalKiB, swapFreeKiB } = this.#rest;
    const zones = [...this.#zones.values()].map(({ zone }) => zone);
    const memory = defined<NodeMemory>({
      ...(!this.#isCut && this.#sums(zones)),
      slabKiB:
        slabPages === undefined || pageSizeKiB === undefined ? undefined : slabPages * pageSizeKiB,
      swapTotalKiB,
      swapFreeKiB,
      zones: zones.length === 0 ? undefined : nearest(zones),
    });
    return Object.keys(memory).length === 0 ? undefined : memory;
  }

  #sums(zones: readonly ZoneMemory[]): Sums {
    if (zones.length === 0) return {};
    const ofZones = [...this.#zones.values()].map(({ figures }) => figures);
    const figures = this.#nodes.size > 0 ? [...this.#nodes.values()] : ofZones;
    const of = (name: keyof NodeFigures) => sum(figures.map((each) => each[name]));
    const hugePages = [...this.#hugePages.values()];
    return {
      managedKiB: sum(zones.map((each) => each.managedKiB)),
      freeKiB: sum(zones.map((each) => each.freeKiB)),
      anonKiB: of('anonKiB'),
      fileKiB: of('fileKiB'),
      shmemKiB: of('shmemKiB'),
      unevictableKiB: of('unevictableKiB'),
      hugePagesKiB: sum(hugePages.map(({ total, sizeKiB }) => total * sizeKiB)),
      hugePagesFreeKiB: sum(hugePages.map(({ free, sizeKiB }) => free * sizeKiB)),
    };
  }

  #first<Key, Value>(all: Map<Key, Value>, key: Key, value: Value): void {
    if (all.has(key)) return;
    if (all.size === maxLines) this.#isCut = true;
    else all.set(key, value);
  }
}

/** undefined: one is not known. */
function sum(all: readonly (number | undefined)[]): number | undefined {
  if (all.length === 0) return undefined;
  let total = 0;
  for (const each of all) {
    if (each === undefined) return undefined;
    total += each;
  }
  return total;
}

function nearest(zones: readonly ZoneMemory[]): ZoneMemory[] {
  if (zones.length <= maxZones) return [...zones];
  const above = ({ freeKiB, minKiB }: ZoneMemory) => freeKiB - minKiB;
  const kept = new Set(zones.toSorted((a, b) => above(a) - above(b)).slice(0, maxZones));
  return zones.filter((zone) => kept.has(zone));
}
