/** One pass of a reader over the whole ring. */
export interface Pass {
  records: number;
  ns: number;
}

export function nsPerRecord({ ns, records }: Pass): number {
  return ns / records;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
