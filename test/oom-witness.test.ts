import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { removeOomWitness, type WitnessRecord } from '@oomwatcher/kmsg';
import { expect } from 'vitest';
import { newestSeq, readKernelLog } from './support/kernel-log.ts';
import {
  kernelWitness,
  memoryHierarchy,
  mounts,
  needs,
  oldFreezer,
  oomKills,
} from './support/needs.ts';
import { pathOf, Witness } from './support/oom-witness.ts';
import { runStorm, type StormChild } from './support/storm.ts';

const { it } = needs(oomKills, kernelWitness);

/** What the kernel's line says of a kill, by pid. */
function killLines(after: number): Map<number, string> {
  const lines = readKernelLog().filter(({ seq, priority }) => seq > after && priority < 8);
  const killed = /: Killed process (\d+) (.*)$/;
  return new Map(
    lines.flatMap(({ text }) => {
      const [, pid, rest] = killed.exec(text) ?? [];
      return pid === undefined ? [] : [[Number(pid), rest as string]];
    }),
  );
}

/** The same words from a record. */
function asLine({ process }: WitnessRecord): string {
  return (
    `(${process.name}) total-vm:${process.totalVmKiB}kB, anon-rss:${process.anonRssKiB}kB, ` +
    `file-rss:${process.fileRssKiB}kB, shmem-rss:${process.shmemRssKiB}kB, UID:${process.uid} ` +
    `pgtables:${process.pageTablesKiB}kB oom_score_adj:${process.oomScoreAdj}`
  );
}

/** The only cgroup that a limit can have been of; undefined: there are none or several. */
function limitOf(record: WitnessRecord): string | undefined {
  const { levels = [] } = record;
  const full = levels.filter(
    ({ limitKiB, usageKiB, aboveTrigger }) =>
      aboveTrigger && limitKiB !== undefined && limitKiB - usageKiB <= 256,
  );
  return full.length === 1 ? pathOf({ levels: levels.slice(levels.indexOf(full[0]!)) }) : undefined;
}

function check(records: readonly WitnessRecord[], children: readonly StormChild[]): void {
  expect(
    records.map((record) => [record.process.pid, record.process.name, pathOf(record)]).sort(),
  ).toEqual(children.map(({ pid, comm, cgroup }) => [pid, comm, cgroup]).sort());
  const limits = new Map(children.map(({ pid, limitCgroup }) => [pid, limitCgroup]));
  for (const record of records) {
    const limit = limitOf(record);
    if (limit !== undefined) expect(limit).toBe(limits.get(record.process.pid));
  }
}

it('a storm is told whole: every kill once, its name, cgroup, sizes, number and limit', async () => {
  using witness = new Witness();
  const kills = 200;
  const before = newestSeq();
  const { children } = await runStorm({ kills, cgroups: 6, parallel: 8, comm: 'wi%g-%i' });
  await witness.settle();
  const records = witness.kills().filter(({ process }) => process.name.startsWith('wi'));
  check(records, children);
  // Not of all: the process before may have freed its memory in between, on a busy machine more often.
  expect(records.filter((record) => limitOf(record) !== undefined).length).toBeGreaterThan(
    kills / 2,
  );
  const lines = killLines(before);
  // The ring of the log may have been overrun; what is there must be equal.
  const seen = records.filter(({ process }) => lines.has(process.pid));
  expect(seen.length).toBeGreaterThan(0);
  // What the kernel's line says of sizes is exact since Linux 7, the record's are not.
  expect(seen.map(asLine)).toEqual(seen.map(({ process }) => lines.get(process.pid)));
  for (const path of new Set(records.map(pathOf))) {
    const numbers = records.filter((record) => pathOf(record) === path).map(({ number }) => number);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  }
  expect(witness.stats()).toMatchObject({ dropped: 0, undecided: 0, malformed: 0 });
});

it('a cgroup that is removed under its kill, and a limit above it, are told', async () => {
  using witness = new Witness();
  const { children } = await runStorm({
    kills: 30,
    cgroups: 30,
    parallel: 4,
    limitUp: 1,
    brief: true,
    comm: 'wr-%i',
  });
  await witness.settle();
  check(
    witness.kills().filter(({ process }) => process.name.startsWith('wr')),
    children,
  );
});

it('hostile names come as the bytes that they are', async () => {
  using witness = new Witness();
  const comm = [Buffer.from('a"b\\\n\x7f\xff\x01', 'latin1')];
  const { children } = await runStorm({ kills: 1, comm });
  await witness.settle();
  const pids = children.map(({ pid }) => pid);
  check(
    witness.kills().filter(({ process }) => pids.includes(process.pid)),
    children,
  );
});

it('the first process of a container is told from its others', async () => {
  using witness = new Witness();
  await runStorm({ kills: 1, pidNamespace: true, comm: 'wn-%i' });
  await runStorm({ kills: 1, comm: 'wn-host' });
  await witness.settle();
  const first = witness
    .kills()
    .filter(({ process }) => process.name.startsWith('wn'))
    .map(({ process }) => process.firstOfPidNamespace);
  expect(first).toEqual([true, undefined]);
});

needs(oomKills, kernelWitness, mounts).it(
  'kills while nobody reads wait in the kernel, also over a change of the program',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'witness-pins-'));
    execFileSync('mount', ['-t', 'bpf', 'bpf', folder]);
    const pins = join(folder, 'agent');
    const named = (witness: Witness) =>
      witness.kills().filter(({ process }) => process.name.startsWith('wp'));
    try {
      new Witness({ pins })[Symbol.dispose]();
      const { children } = await runStorm({ kills: 40, cgroups: 4, parallel: 4, comm: 'wp%g-%i' });
      {
        using witness = new Witness({ pins });
        expect(witness.stats()).toMatchObject({ pinned: true });
        await witness.settle();
        check(named(witness), children);
      }
      const storm = runStorm({ kills: 60, cgroups: 4, parallel: 4, comm: 'wp%g-%i' });
      await sleep(100);
      // As if an older version had made them.
      for (const file of globSync(join(pins, 'current/program_*'))) rmSync(file);
      using witness = new Witness({ pins });
      const truth = await storm;
      await witness.settle();
      check(named(witness), truth.children);
      expect(witness.stats()).toMatchObject({ pinned: true });
    } finally {
      removeOomWitness(pins);
      expect(existsSync(pins)).toBe(false);
      execFileSync('umount', [folder]);
      rmSync(folder, { recursive: true });
    }
  },
);

needs(oomKills, kernelWitness, mounts).it('what the ring could not keep is counted', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'witness-pins-'));
  execFileSync('mount', ['-t', 'bpf', 'bpf', folder]);
  const pins = join(folder, 'agent');
  try {
    new Witness({ pins, ringBytes: 4096 })[Symbol.dispose]();
    await runStorm({ kills: 30, cgroups: 1, parallel: 2, comm: 'wf-%i' });
    using witness = new Witness({ pins, ringBytes: 4096 });
    await witness.settle();
    const { told = 0, dropped = 0, taken } = witness.stats();
    expect(dropped).toBeGreaterThan(0);
    expect(taken + dropped).toBe(told);
    expect(told).toBeGreaterThanOrEqual(30);
    // The next kill says so itself, and its number how many of its cgroup are missing.
    await runStorm({ kills: 1, comm: 'wf-last' });
    await witness.settle();
    expect(witness.kills().at(-1)).toMatchObject({ dropped });
  } finally {
    removeOomWitness(pins);
    execFileSync('umount', [folder]);
    rmSync(folder, { recursive: true });
  }
});

needs(oomKills, kernelWitness, oldFreezer).it(
  'a process that was dying already is marked by the kernel, and is no kill',
  async () => {
    using witness = new Witness();
    const pathInHierarchy = `/witness-dying-${process.pid}`;
    const memory = `${memoryHierarchy()}${pathInHierarchy}`;
    const freezer = `/sys/fs/cgroup/freezer/witness-dying-${process.pid}`;
    mkdirSync(memory);
    mkdirSync(freezer);
    const inCgroup = (script: string) =>
      spawn('sh', ['-c', `echo $$ >${memory}/cgroup.procs; ${script}`], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
    try {
      writeFileSync(`${memory}/memory.limit_in_bytes`, String(16 << 20));
      // Its pipe is never read, so it keeps its buffer.
      const holder = inCgroup('echo 1000 >/proc/self/oom_score_adj; exec dd if=/dev/zero bs=8M');
      const ended = once(holder, 'exit');
      const used = () => Number(readFileSync(`${memory}/memory.usage_in_bytes`, 'latin1'));
      while (used() < 8 << 20) await sleep(5);
      writeFileSync(`${freezer}/cgroup.procs`, String(holder.pid));
      writeFileSync(`${freezer}/freezer.state`, 'FROZEN');
      while (readFileSync(`${freezer}/freezer.state`, 'latin1').trim() !== 'FROZEN') await sleep(5);
      holder.kill('SIGKILL');
      await sleep(20);
      const before = witness.stats().dying ?? 0;
      await once(inCgroup('exec dd if=/dev/zero bs=12M count=1 of=/dev/null'), 'exit');
      await ended;
      await witness.settle();
      expect(witness.stats().dying).toBeGreaterThan(before);
      const told = witness.records.filter((record) => pathOf(record) === pathInHierarchy);
      expect(told.filter(({ process: { pid } }) => pid === holder.pid)).toEqual([]);
      // The memory that the dying one keeps may cost the other its life.
      const control = readFileSync(`${memory}/memory.oom_control`, 'latin1');
      expect(control).toContain(`oom_kill ${told.length}\n`);
    } finally {
      writeFileSync(`${freezer}/freezer.state`, 'THAWED');
      await sleep(100);
      rmdirSync(freezer);
      rmdirSync(memory);
    }
  },
);
