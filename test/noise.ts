/**
 * What other work on a machine does to its kernel log: a kill a second, in a cgroup of its own, and 200 records a second,
 * until it is ended. As root: node test/noise.ts
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeKernelLog } from './support/kernel-log.ts';
import { memoryHierarchy } from './support/needs.ts';

const limitBytes = 16 * 1024 * 1024;
const recordsEach = 10;
const sliceMs = 50;

const hierarchy = memoryHierarchy();
if (hierarchy === undefined) throw new Error('no memory cgroup hierarchy is mounted');
const cgroup = join(hierarchy, `oomwatcher-noise-${process.pid}`);
mkdirSync(cgroup);
const limitFile = ['memory.limit_in_bytes', 'memory.max'].find((name) =>
  existsSync(join(cgroup, name)),
);
writeFileSync(join(cgroup, limitFile as string), String(limitBytes));

let ends = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    ends = true;
  });
}

async function kill(): Promise<void> {
  while (!ends) {
    const script = 'echo $$ >"$0/cgroup.procs" && exec tail /dev/zero';
    await once(spawn('sh', ['-c', script, cgroup], { stdio: 'ignore' }), 'exit');
    await sleep(1000);
  }
}

async function write(): Promise<void> {
  for (let record = 0; !ends; await sleep(sliceMs)) {
    for (let i = 0; i < recordsEach; i++) writeKernelLog(`<6>noise: record ${record++}`);
  }
}

await Promise.all([kill(), write()]);
for (let attempt = 0; attempt < 500; attempt++) {
  try {
    rmdirSync(cgroup);
    break;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EBUSY') throw error;
    await sleep(10);
  }
}
