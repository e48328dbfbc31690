import type * as kmsg from '@oomwatcher/kmsg';
import type * as oom from '@oomwatcher/oom';

/** The packages of the tree that is measured. */
export type Packages = Pick<typeof kmsg, 'openReplay' | 'decodeLine' | 'RowKind'> &
  Pick<typeof oom, 'OomMachine' | 'keepFilter'>;

/** The path of JavaScript, once: the records of a capture through splitter, filter, line and machine. */
export async function replayPass(
  { openReplay, decodeLine, RowKind, OomMachine, keepFilter }: Packages,
  capture: Uint8Array,
): Promise<{ records: number; kills: number }> {
  const machine = new OomMachine();
  const source = openReplay(capture, { keep: keepFilter });
  let kills = 0;
  const take = () => {
    for (const { kind } of machine.take()) if (kind === 'kill') kills++;
  };
  for (let batch = await source.next(); batch !== undefined; batch = await source.next()) {
    for (let row = 0; row < batch.length; row++) {
      if (batch.memory.kind[row] === RowKind.record) machine.push(decodeLine(batch.memory, row));
    }
    take();
  }
  machine.flush();
  take();
  return { records: source.stats().read, kills };
}
