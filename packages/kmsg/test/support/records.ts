import { type Batch, type KmsgSource, RowKind, recordBytes } from '../../src/index.js';

export const keepAll = { rules: [], fragments: true };

export function bytes(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

export interface Row {
  kind: 'record' | 'loss' | 'caughtUp';
  seq: bigint;
  lost: number;
  fresh: boolean;
  record: string;
  text: string;
}

const kinds = {
  [RowKind.record]: 'record',
  [RowKind.loss]: 'loss',
  [RowKind.caughtUp]: 'caughtUp',
} as const;

/** Copies of a batch's rows: the batch itself is overwritten by the next one. */
export function rowsOf({ memory, length }: Batch): Row[] {
  return Array.from({ length }, (_, row) => {
    const text = memory.textOffset[row]!;
    return {
      kind: kinds[memory.kind[row] as keyof typeof kinds],
      seq: memory.seq[row]!,
      lost: memory.lost[row]!,
      fresh: memory.fresh[row] === 1,
      record: Buffer.from(recordBytes(memory, row)).toString('latin1'),
      text: Buffer.from(memory.arena.subarray(text, text + memory.textLength[row]!)).toString(
        'latin1',
      ),
    };
  });
}

/** The rows until the source ends, or until `last` holds for one. */
export async function collect(
  source: KmsgSource,
  last: (row: Row) => boolean = () => false,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (let batch = await source.next(); batch !== undefined; batch = await source.next()) {
    const more = rowsOf(batch);
    rows.push(...more);
    if (more.some(last)) break;
  }
  return rows;
}

export const untilCaughtUp = (row: Row) => row.kind === 'caughtUp';

export function seqs(rows: readonly Row[]): bigint[] {
  return rows.filter((row) => row.kind === 'record').map((row) => row.seq);
}
