/**
 * Our reader: `node reader.ts native|portable`. A pass opens the source as the agent does, reads the ring to its end
 * through the OOM machine, and closes it.
 */
import {
  decodeLine,
  type KmsgSource,
  openNative,
  openPortable,
  RowKind,
  type SourceOptions,
} from '@oomwatcher/kmsg';
import { keepFilter, OomMachine } from '@oomwatcher/oom';
import { drainThreadCpuNs, threadCpuNs } from '../support/cpu-time.ts';
import { type Pass, serve } from '../support/worker.ts';

const readers: Record<string, (options: SourceOptions) => KmsgSource> = {
  native: openNative,
  portable: openPortable,
};
const open = readers[process.argv[2] as string];
if (open === undefined) throw new Error('usage: reader.ts native|portable');

await serve(async (): Promise<Pass> => {
  const machine = new OomMachine();
  let kills = 0;
  const cpuStart = threadCpuNs();
  const start = process.hrtime.bigint();
  const source = open({ keep: keepFilter });
  try {
    for (;;) {
      const batch = await source.next();
      if (batch === undefined) throw new Error(`the ${source.kind} source ended`);
      let caughtUp = false;
      for (let row = 0; row < batch.length; row++) {
        const kind = batch.memory.kind[row];
        if (kind === RowKind.record) machine.push(decodeLine(batch.memory, row));
        if (kind === RowKind.caughtUp) caughtUp = true;
      }
      // Nothing follows that could show that the last kill stands alone.
      if (caughtUp) machine.flush();
      kills += machine.take().filter((event) => event.kind === 'kill').length;
      if (!caughtUp) continue;
      const ns = Number(process.hrtime.bigint() - start);
      const cpuNs = Math.max(threadCpuNs() - cpuStart, drainThreadCpuNs());
      return { records: source.stats().read, ns, cpuNs, kills };
    }
  } finally {
    source.close();
  }
});
