import type { LineFamily } from './family.js';

/** What a zone of a NUMA node had (mm/show_mem.c, show_free_areas; mm/page_alloc.c up to 6.3). */
export interface ZoneLine {
  type: 'node-memory';
  of: 'zone';
  node: number;
  zone: string;
  freeKiB: number;
  minKiB: number;
  managedKiB: number;
  figures: NodeFigures;
}

/** What a NUMA node had, since 4.8; before, each zone has these figures. */
export interface NodeLine {
  type: 'node-memory';
  of: 'node';
  node: number;
  figures: NodeFigures;
}

/** Huge pages of one size on one NUMA node. */
export interface HugePagesLine {
  type: 'node-memory';
  of: 'hugepages';
  node: number;
  sizeKiB: number;
  total: number;
  free: number;
}

/** The kernel's objects in pages, of all nodes, also where only some may be used. */
export interface SlabLine {
  type: 'node-memory';
  of: 'slab';
  pages: number;
}

export interface SwapLine {
  type: 'node-memory';
  of: 'swapFree' | 'swapTotal';
  kiB: number;
}

export type NodeMemoryLine = ZoneLine | NodeLine | HugePagesLine | SlabLine | SwapLine;

export interface NodeFigures {
  anonKiB?: number;
  fileKiB?: number;
  shmemKiB?: number;
  unevictableKiB?: number;
}

/** Which of the kernel's figures make which. */
const figureOf: Record<string, keyof NodeFigures> = {
  active_anon: 'anonKiB',
  inactive_anon: 'anonKiB',
  active_file: 'fileKiB',
  inactive_file: 'fileKiB',
  shmem: 'shmemKiB',
  unevictable: 'unevictableKiB',
};

export const nodeMemoryFamily: LineFamily<NodeMemoryLine> = {
  type: 'node-memory',
  parse: parseNodeMemoryLine,
  begins: ['Node ', 'active_anon:', 'Free swap  =', 'Total swap ='],
  rank: 'detail',
  forgeable: false,
  // Of an allocation that fails elsewhere (warn_alloc) the same is printed.
  beside: true,
  sample: 'Node 0 DMA32 free:1332kB min:1332kB low:1664kB high:1996kB managed:115988kB',
};

const zone = /^Node (\d{1,4}) (\w{1,16}) free:(\d{1,16})kB /;
const node = /^Node (\d{1,4}) active_anon:/;
const hugePages =
  /^Node (\d{1,4}) hugepages_total=(\d{1,10}) hugepages_free=(\d{1,10}) hugepages_surp=\d+ hugepages_size=(\d{1,10})kB *$/;
const slab = /^active_anon:[\s\S]*?\bslab_reclaimable:(\d{1,12}) slab_unreclaimable:(\d{1,12})\b/;
const swap = /^(Free|Total) swap {1,2}= ?(\d{1,16})kB *$/;

export function parseNodeMemoryLine(text: string): NodeMemoryLine | undefined {
  switch (text.charCodeAt(0)) {
    case 0x4e:
      return zoneLine(text) ?? nodeLine(text) ?? hugePagesLine(text);
    case 0x46:
    case 0x54:
      return swapLine(text);
    default:
      return slabLine(text);
  }
}

function zoneLine(text: string): ZoneLine | undefined {
  const match = zone.exec(text);
  if (match === null) return undefined;
  const [, at, name, free] = match as unknown as [string, string, string, string];
  const kiB = new Map(figuresIn(text));
  const [minKiB, managedKiB] = [kiB.get('min'), kiB.get('managed') ?? kiB.get('present')];
  if (minKiB === undefined || managedKiB === undefined) return undefined;
  const line = { node: Number(at), zone: name, freeKiB: Number(free), minKiB, managedKiB };
  return { type: 'node-memory', of: 'zone', ...line, figures: summed(kiB) };
}

function nodeLine(text: string): NodeLine | undefined {
  const match = node.exec(text);
  if (match === null) return undefined;
  const figures = summed(figuresIn(text));
  return { type: 'node-memory', of: 'node', node: Number(match[1]), figures };
}

function hugePagesLine(text: string): HugePagesLine | undefined {
  const match = hugePages.exec(text);
  if (match === null) return undefined;
  const [at = 0, total = 0, free = 0, sizeKiB = 0] = match.slice(1).map(Number);
  return { type: 'node-memory', of: 'hugepages', node: at, sizeKiB, total, free };
}

function slabLine(text: string): SlabLine | undefined {
  const match = slab.exec(text);
  if (match === null) return undefined;
  return { type: 'node-memory', of: 'slab', pages: Number(match[1]) + Number(match[2]) };
}

function swapLine(text: string): SwapLine | undefined {
  const match = swap.exec(text);
  if (match === null) return undefined;
  const of = match[1] === 'Free' ? 'swapFree' : 'swapTotal';
  return { type: 'node-memory', of, kiB: Number(match[2]) };
}

function figuresIn(text: string): [name: string, kiB: number][] {
  return [...text.matchAll(/ ([a-z_]+):(\d{1,16})kB/g)].map(([, name = '', kiB]) => [
    name,
    Number(kiB),
  ]);
}

function summed(all: Iterable<[name: string, kiB: number]>): NodeFigures {
  const figures: NodeFigures = {};
  for (const [name, kiB] of all) {
    const figure = figureOf[name];
    if (figure !== undefined) figures[figure] = (figures[figure] ?? 0) + kiB;
  }
  return figures;
}
