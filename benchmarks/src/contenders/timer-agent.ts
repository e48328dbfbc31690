/**
 * The rival that reads in a timer: JavaScript cannot wait for the device, so it asks every 50 ms and reads until EAGAIN.
 * A pass is what one such turn does with the whole ring.
 */
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { threadCpuNs } from '../support/cpu-time.ts';
import { serve } from '../support/worker.ts';
import { KillFinder } from './kill-finder.ts';

const buffer = Buffer.alloc(8192);

await serve(async () => {
  const finder = new KillFinder();
  const cpuStart = threadCpuNs();
  const start = process.hrtime.bigint();
  const fd = openSync('/dev/kmsg', constants.O_RDONLY | constants.O_NONBLOCK);
  readUntilDry(fd, finder);
  const ns = Number(process.hrtime.bigint() - start);
  const cpuNs = threadCpuNs() - cpuStart;
  closeSync(fd);
  return { records: finder.records, ns, cpuNs, kills: finder.found };
});

function readUntilDry(fd: number, finder: KillFinder): void {
  for (;;) {
    try {
      finder.record(buffer.toString('latin1', 0, readSync(fd, buffer, 0, buffer.length, null)));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EAGAIN') return;
      if (code !== 'EPIPE') throw error;
    }
  }
}
