/**
 * The path of JavaScript over a storm, with the packages of the tree given: `node replay-worker.ts TREE`. A pass is one
 * capture; its kills are counted.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as kmsg from '@oomwatcher/kmsg';
import type * as oom from '@oomwatcher/oom';
import { replayPass } from '../replay/replay-pass.ts';
import { stormCapture } from '../replay/replay-storm.ts';
import { threadCpuNs } from '../support/cpu-time.ts';
import { serve } from '../support/worker.ts';

const tree = process.argv[2] as string;
const load = (name: string) =>
  import(pathToFileURL(join(tree, 'packages', name, 'dist/index.js')).href);
const packages = {
  ...((await load('kmsg')) as typeof kmsg),
  ...((await load('oom')) as typeof oom),
};

const capture = Buffer.from(
  stormCapture({ kills: 1000, reportEvery: 10, tasks: 20, unrelated: 10 }),
  'latin1',
);

await serve(async () => {
  const cpuStart = threadCpuNs();
  const start = process.hrtime.bigint();
  const { records, kills } = await replayPass(packages, capture);
  const ns = Number(process.hrtime.bigint() - start);
  return { records, ns, cpuNs: threadCpuNs() - cpuStart, kills };
});
