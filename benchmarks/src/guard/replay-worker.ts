/**
 * The path of JavaScript: records of a replayed storm through splitter, filter, line and machine, with the packages of
 * the tree given: `node replay-worker.ts TREE`. A pass is one capture; its kills are counted.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as kmsg from '@oomwatcher/kmsg';
import type * as oom from '@oomwatcher/oom';
import { stormCapture } from '../replay/replay-storm.ts';
import { threadCpuNs } from '../support/cpu-time.ts';
import { serve } from '../support/worker.ts';

const tree = process.argv[2] as string;
const load = (name: string) =>
  import(pathToFileURL(join(tree, 'packages', name, 'dist/index.js')).href);
const { openReplay, decodeLine, RowKind } = (await load('kmsg')) as typeof kmsg;
const { OomMachine, keepFilter } = (await load('oom')) as typeof oom;

const capture = Buffer.from(
  stormCapture({ kills: 1000, reportEvery: 10, tasks: 20, unrelated: 10 }),
  'latin1',
);

await serve(async () => {
  const cpuStart = threadCpuNs();
  const start = process.hrtime.bigint();
  const machine = new OomMachine();
  const source = openReplay(capture, { keep: keepFilter });
  let kills = 0;
  for (;;) {
    const batch = await source.next();
    if (batch === undefined) break;
    for (let row = 0; row < batch.length; row++) {
      if (batch.memory.kind[row] === RowKind.record) machine.push(decodeLine(batch.memory, row));
    }
    kills += machine.take().filter((event) => event.kind === 'kill').length;
  }
  machine.flush();
  kills += machine.take().filter((event) => event.kind === 'kill').length;
  const ns = Number(process.hrtime.bigint() - start);
  return { records: source.stats().read, ns, cpuNs: threadCpuNs() - cpuStart, kills };
});
