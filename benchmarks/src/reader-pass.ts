import {
  decodeLine,
  type KmsgSource,
  openNative,
  openPortable,
  RowKind,
  type SourceOptions,
} from '@oomwatcher/kmsg';
import { keepFilter, OomMachine } from '@oomwatcher/oom';
import type { Pass } from './pass.ts';

const readers: Record<'native' | 'portable', (options: SourceOptions) => KmsgSource> = {
  native: openNative,
  portable: openPortable,
};

/** Opens a source as the agent does, reads the ring to its end through the OOM machine, and closes it. */
export async function readerPass(kind: 'native' | 'portable'): Promise<Pass> {
  const machine = new OomMachine();
  const start = process.hrtime.bigint();
  const source = readers[kind]({ keep: keepFilter });
  try {
    for (;;) {
      const batch = await source.next();
      if (batch === undefined) throw new Error(`the ${kind} source ended`);
      for (let row = 0; row < batch.length; row++) {
        if (batch.memory.kind[row] === RowKind.caughtUp) {
          return { records: source.stats().read, ns: Number(process.hrtime.bigint() - start) };
        }
        if (batch.memory.kind[row] === RowKind.record) machine.push(decodeLine(batch.memory, row));
      }
      machine.take();
    }
  } finally {
    source.close();
  }
}
