import type { WitnessedLevel, WitnessRecord } from '@oomwatcher/kmsg';
import type { OomLine } from '@oomwatcher/oom';

export function level(name: string, change: Partial<WitnessedLevel> = {}): WitnessedLevel {
  return { id: BigInt(name.length), name, usageKiB: 100, kills: 0, aboveTrigger: true, ...change };
}

/** A level whose limit was hit. */
export const full = { usageKiB: 1000, limitKiB: 1024 };

/** A kill as the kernel's program tells it. */
export function record(pid: number, change: Partial<WitnessRecord> = {}): WitnessRecord {
  return {
    kind: 'kill',
    sequence: pid,
    dropped: 0,
    monotonicUs: 0,
    takenMonotonicUs: 0,
    process: {
      pid,
      tgid: pid,
      name: 'app',
      startBoottimeNs: BigInt(pid) * 10_000_000n,
      uid: 0,
      oomScoreAdj: 0,
      parentPid: 1,
      parentName: 'init',
      totalVmKiB: 2000,
    },
    levels: [level(`c${pid}`, full), level('pod'), level('')],
    levelsCut: false,
    trigger: { pid: 9, tgid: 9, name: 'asker', cgroupId: 1n, levels: [], levelsCut: false },
    ...change,
  };
}

/** The kernel's line of the same. */
export function line(pid: number, seq = BigInt(pid), vm = 2000): OomLine {
  const text = `Memory cgroup out of memory: Killed process ${pid} (app) total-vm:${vm}kB, anon-rss:1kB, file-rss:1kB, shmem-rss:0kB, UID:0 pgtables:4kB oom_score_adj:0`;
  return { seq, priority: 3, text } as OomLine;
}
