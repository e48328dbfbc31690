import type { LineFamily } from './family.js';
import { pageSizesKiB } from './page-size.js';

/** `Node 0 DMA: 1*4kB (U) 0*8kB … = 15872kB`: the free lists, of which the first is of single pages. */
export interface FreeListLine {
  type: 'free-list';
  node: number;
  zone: string;
  pageSizeKiB: number;
  /** The greatest piece that is free has 2^n pages; -1: none is. */
  largestFreeOrder: number;
}

export const freeListFamily: LineFamily<FreeListLine> = {
  type: 'free-list',
  parse: parseFreeListLine,
  begins: ['Node '],
  rank: 'detail',
  forgeable: false,
  beside: true,
  sample:
    'Node 0 DMA: 0*4kB 0*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 1*1024kB (U) = 1024kB',
};

function parseFreeListLine(text: string): FreeListLine | undefined {
  const match = /^Node (\d{1,4}) (\w{1,16}): \d+\*(\d{1,3})kB /.exec(text);
  const pageSizeKiB = Number(match?.[3]);
  if (match === null || !pageSizesKiB.includes(pageSizeKiB)) return undefined;
  const node = Number(match[1]);
  return {
    type: 'free-list',
    node,
    zone: match[2] as string,
    pageSizeKiB,
    largestFreeOrder: largestOrderIn(text),
  };
}

function largestOrderIn(text: string): number {
  const pieces = [...text.matchAll(/ (\d{1,10})\*\d{1,10}kB/g)].map(([, count]) => Number(count));
  return pieces.findLastIndex((count) => count > 0);
}
