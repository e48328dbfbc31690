import { execFileSync } from 'node:child_process';
import { globSync, readdirSync, readFileSync, readlinkSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isSystemdDriver } from './cgroup-driver.ts';

const deadlineMs = 60_000;

/** Ends every process of this mount namespace but this one, and of every pod, and removes the pods' cgroups. */
export async function removeEverything(): Promise<void> {
  const giveUpAt = performance.now() + deadlineMs;
  // Those that begin while others are ended are found the next time; runc may be about to start one.
  for (let calm = 0; calm < 3; ) {
    const pids = [...ownProcesses(), ...podProcesses()];
    for (const pid of pids) kill(pid);
    calm = pids.length === 0 ? calm + 1 : 0;
    if (performance.now() > giveUpAt) throw new Error(`they do not end: ${pids.join(' ')}`);
    await sleep(50);
  }
  // Of the systemd driver: else its slices stay as units.
  if (isSystemdDriver) execFileSync('systemctl', ['stop', 'kubepods.slice']);
  while (!removeCgroups()) {
    if (performance.now() > giveUpAt) throw new Error(`still there: ${podCgroups().join(' ')}`);
    await sleep(50);
  }
}

/** The cgroups of pods in every hierarchy, the innermost first. */
export function podCgroups(): string[] {
  const hierarchies = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, , type]) => type === 'cgroup' || type === 'cgroup2')
    .map(([, folder = '']) => folder);
  const root = isSystemdDriver ? 'kubepods.slice' : 'kubepods';
  const found = hierarchies.flatMap((folder) =>
    globSync(`${root}{,/**/}`, { cwd: folder }).map((path) => join(folder, path)),
  );
  return found.sort((one, other) => other.length - one.length);
}

function removeCgroups(): boolean {
  const cgroups = podCgroups();
  for (const cgroup of cgroups) {
    try {
      rmdirSync(cgroup);
    } catch {
      // Its last process is not gone yet, or it is by itself.
    }
  }
  return cgroups.length === 0;
}

function podProcesses(): number[] {
  return podCgroups().flatMap((cgroup) => {
    try {
      return readFileSync(join(cgroup, 'cgroup.procs'), 'utf8')
        .split('\n')
        .filter(Boolean)
        .map(Number);
    } catch {
      return [];
    }
  });
}

function ownProcesses(): number[] {
  const own = readlinkSync('/proc/self/ns/mnt');
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/ns/mnt`) === own;
      } catch {
        return false;
      }
    })
    .map(Number);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
