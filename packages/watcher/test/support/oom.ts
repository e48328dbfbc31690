import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { findMemoryHierarchy } from '../../src/node/memory-hierarchy.js';

const limitBytes = 16 * 1024 * 1024;

/** Lets one process run out of memory in a cgroup of its own of 16 MiB, and waits until it is dead. */
export function causeKill(): { pid: number } {
  return inOwnCgroup((cgroup) => {
    const script = `echo $$ > '${cgroup}/cgroup.procs' && exec tail /dev/zero`;
    const { pid, signal } = spawnSync('sh', ['-c', script]);
    if (signal !== 'SIGKILL') throw new Error(`the process was not killed: ${signal}`);
    return { pid };
  });
}

/** So many kills one after the other, while JavaScript goes on. */
export async function causeKills(count: number): Promise<void> {
  await inOwnCgroup(async (cgroup) => {
    const victim = `sh -c "echo \\$\\$ > '${cgroup}/cgroup.procs' && exec tail /dev/zero"`;
    const script = `for kill in $(seq ${count}); do ${victim}; done; exit 0`;
    const [code] = await once(spawn('sh', ['-c', script]), 'close');
    if (code !== 0) throw new Error(`the kills could not be caused: ${code}`);
  });
}

function inOwnCgroup<T>(body: (cgroup: string) => T): T {
  const hierarchy = findMemoryHierarchy();
  if (hierarchy === undefined) throw new Error('no memory hierarchy is mounted');
  const cgroup = `${hierarchy.root}/oomwatcher-test-${process.pid}`;
  mkdirSync(cgroup);
  let result: T | undefined;
  try {
    const isV1 = hierarchy.version === 1;
    writeFileSync(`${cgroup}/${isV1 ? 'memory.limit_in_bytes' : 'memory.max'}`, `${limitBytes}`);
    writeFileSync(`${cgroup}/${isV1 ? 'memory.swappiness' : 'memory.swap.max'}`, '0');
    result = body(cgroup);
    return result instanceof Promise ? (result.finally(() => removeSoon(cgroup)) as T) : result;
  } finally {
    if (!(result instanceof Promise)) rmdirSync(cgroup);
  }
}

/** The last of several victims may still be dying when its parent has ended. */
async function removeSoon(cgroup: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    try {
      rmdirSync(cgroup);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EBUSY') throw error;
      await sleep(25);
    }
  }
  throw new Error(`${cgroup} stays busy`);
}
