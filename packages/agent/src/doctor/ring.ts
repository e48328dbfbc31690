import { KmsgError, openPortable, RowKind } from '@oomwatcher/kmsg';
import { type Finding, ok, warning } from './finding.js';

const check = 'kernel ring';

/** What the kernel's ring holds at the moment. */
export interface RingContents {
  records: number;
  /** Sequence number of the oldest record; above 0 older ones have been overwritten, and the ring is full. */
  firstSeq: bigint;
}

/**
 * A ring that holds fewer records is overrun by one report of a node with as many processes before a reader that waits
 * for its turn has read it.
 */
const fewRecords = 1000;

/** What the ring outlives while the agent is stopped. */
export async function ring(): Promise<Finding | undefined> {
  const contents = await readRing();
  return contents && judgeRing(contents);
}

export function judgeRing({ records, firstSeq }: RingContents): Finding {
  const count = records.toLocaleString('en');
  if (firstSeq === 0n) {
    return ok(
      check,
      `not full yet with the ${count} records since boot: a pause of one second is survived at ${count} records/s and more`,
    );
  }
  const message = `full with ${count} records: a pause of one second is survived at up to ${count} records/s, beyond that records are lost and counted`;
  if (records >= fewRecords) return ok(check, message);
  return warning(check, message, 'enlarge it with log_buf_len=1M on the kernel command line');
}

/** undefined: the log may not be read, which is another check's to say. */
async function readRing(): Promise<RingContents | undefined> {
  try {
    const source = openPortable({ keep: { rules: [], fragments: true } });
    try {
      for (;;) {
        const batch = await source.next();
        if (batch === undefined || isLast(batch.memory.kind, batch.length)) break;
      }
      const { read, firstSeq = 0n } = source.stats();
      return { records: read, firstSeq };
    } finally {
      source.close();
    }
  } catch (error) {
    if (error instanceof KmsgError) return undefined;
    throw error;
  }
}

function isLast(kinds: Uint8Array, length: number): boolean {
  return kinds.subarray(0, length).includes(RowKind.caughtUp);
}
