/**
 * The rival that most people would write: a read stream on the device, with a `data` handler. Its reads block in a
 * thread of libuv's pool, one record each. A pass ends at the record that was the newest when it began.
 */
import { closeSync, constants, createReadStream, openSync, readSync } from 'node:fs';
import { serve } from '../support/worker.ts';
import { KillFinder } from './kill-finder.ts';

await serve(async () => {
  const newest = newestSeq();
  const finder = new KillFinder();
  const cpuStart = process.cpuUsage();
  const start = process.hrtime.bigint();
  const stream = createReadStream('/dev/kmsg', { encoding: 'latin1' });
  for await (const record of stream) {
    finder.record(record);
    if (finder.lastSeq >= newest) break;
  }
  const ns = Number(process.hrtime.bigint() - start);
  const { user, system } = process.cpuUsage(cpuStart);
  return { records: finder.records, ns, cpuNs: (user + system) * 1000, kills: finder.found };
});

function newestSeq(): number {
  const fd = openSync('/dev/kmsg', constants.O_RDONLY | constants.O_NONBLOCK);
  const buffer = Buffer.alloc(8192);
  let seq = -1;
  for (;;) {
    try {
      const length = readSync(fd, buffer, 0, buffer.length, null);
      seq = Number(buffer.toString('latin1', 0, length).split(',', 2)[1]);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') continue;
      closeSync(fd);
      if (code === 'EAGAIN') return seq;
      throw error;
    }
  }
}
