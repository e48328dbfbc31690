import { identify, type Kill, limitScope, type OomLine } from '@oomwatcher/oom';
import { describe, expect, it } from 'vitest';
import {
  captureNames,
  display,
  hexToLatin1,
  readCapture,
  readTruth,
  type TrueKill,
} from './support/capture.ts';
import { type Printed, readPrinted } from './support/printed.ts';
import { type Result, run } from './support/run.ts';

const named = captureNames();
const withTruth = named.filter((name) => name.includes('--'));
/** One group kill after another is in groups.test.ts. */
const withoutTruth = named.filter((name) => name.startsWith('6.18-'));

it('the captures are here', () => {
  expect(withTruth).toHaveLength(111);
  expect(withoutTruth).toHaveLength(3);
});

describe('every kill of a real kernel is reported as it was, and no other', () => {
  it.each(withTruth)('%s', (name) => {
    const lines = readCapture(name);
    const printed = new Map(readPrinted(lines).map((kill) => [kill.pid, kill]));
    const truth = readTruth(name).kills.filter(
      // The ring was overrun: part of the lines never reached the reader.
      ({ pid }) => !name.includes('overrun') || printed.has(pid),
    );
    expect([...printed.keys()].sort(), 'the truth is understood').toEqual(
      truth.map(({ pid }) => pid).sort(),
    );

    const result = run(lines);
    expect(result.events.filter(({ kind }) => kind === 'amendment')).toEqual([]);
    expect(result.kills.map((kill) => kill.seq)).toEqual(
      result.kills.map((kill) => kill.seq!).toSorted((a, b) => a - b),
    );
    expect(result.kills.map((kill) => kill.victim?.pid).sort()).toEqual(
      truth.map(({ pid }) => pid).sort(),
    );
    for (const kill of result.kills) {
      const real = truth.find(({ pid }) => pid === kill.victim?.pid)!;
      const said = printed.get(real.pid)!;
      expectVictim(kill, real, said);
      expectPlace(kill, real, said);
      expectGroup(kill, said, result);
      expectReport(kill, said, pageSizeKiB(name));
    }
    const forged = name.includes('interleave') ? expect.any(Number) : 0;
    expectAccount(result, printed.values(), forged);
    if (!name.includes('overrun')) expectVmstat(name, result);
  });
});

describe('a pause in the log does not change what is reported', () => {
  it.each(withTruth)('%s', (name) => {
    const lines = readCapture(name);
    let pauses = 0;
    const { kills } = run(lines, (machine, quietMs) => {
      if (quietMs > 5 && pauses++ % 3 !== 1) machine.settle(quietMs);
    });
    expect(kills).toEqual(run(lines).kills);
  });
});

describe('captures without a truth are reported as their bytes say', () => {
  it.each(withoutTruth)('%s', (name) => {
    const lines = joinPieces(readCapture(name));
    const printed = readPrinted(lines);
    const { kills } = run(readCapture(name));
    expect(kills).toHaveLength(printed.length);
    for (const [at, said] of printed.entries()) {
      const kill = kills[at]!;
      const { victim, limit, pid } = placesOf(said);
      expect(kill).toMatchObject({
        scope: 'cgroup',
        constraint: 'memcg',
        seq: Number(said.seqs[0]),
        cgroup: { victim: display(victim), limit: display(limit), from: 'log' },
      });
      const isThread = pid !== said.pid;
      expect(kill.victim).toEqual({
        pid,
        ...(isThread && { tid: said.pid }),
        name: display(said.comm),
        ...said.sizes,
      });
      expect(kill).not.toHaveProperty('group');
      expectReport(kill, said);
    }
  });
});

/** The page size of the kernel that printed the capture, by its name. */
function pageSizeKiB(name: string): number {
  return Number(/-(\d+)k-/.exec(name)?.[1] ?? 4);
}

/** Fragments appended to the constraint or statistics line before them; all the rest of the capture as it is. */
function joinPieces(lines: ReturnType<typeof readCapture>): ReturnType<typeof readCapture> {
  const joined: OomLine[] = [];
  let head: OomLine | undefined;
  for (const line of lines) {
    const isPiece = line.flag === 'c';
    if (isPiece) head!.text += line.text;
    joined.push(isPiece ? { ...line, text: '' } : { ...line });
    if (!isPiece && line.priority! < 8) head = joined.at(-1);
  }
  return joined;
}

/** The victim's path is what remains of the line when everything that is known otherwise is taken away. */
function placesOf({ report, comm, pid, sizes }: Printed): {
  victim: string;
  limit: string;
  pid: number;
} {
  const limit = report!.statsPath!;
  const text = report!.constraint!;
  const chosen = Number(/,pid=(\d+),uid=\d+$/.exec(text)![1]);
  const name = chosen === pid ? comm : 'proc-leader';
  const head = `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=${limit},task_memcg=`;
  const tail = `,task=${name},pid=${chosen},uid=${sizes.uid}`;
  expect(text.startsWith(head) && text.endsWith(tail), text).toBe(true);
  return { limit, victim: text.slice(head.length, -tail.length), pid: chosen };
}

function expectVictim(kill: Kill, real: TrueKill, said: Printed): void {
  expect(said.comm, 'the truth is understood').toBe(hexToLatin1(real.comm_hex));
  expect(kill.victim).toEqual({
    pid: real.pid,
    name: display(said.comm),
    ...ofRow(said),
    ...said.sizes,
  });
  expect(kill).toMatchObject({ id: `capture:${said.seqs[0]}`, seq: Number(said.seqs[0]) });
}

/** Before 5.4 the kill line has neither of these; the table has both. */
function ofRow({ pid, report, group }: Printed): { uid: number; oomScoreAdj: number } | undefined {
  const row = (report ?? group?.report)?.rows
    .map((row) => readRow(row))
    .find((task) => task.pid === pid);
  return row === undefined ? undefined : { uid: row.uid, oomScoreAdj: row.oomScoreAdj };
}

const constraintOf = {
  memcg: 'memcg',
  global: 'none',
  sysrq: 'none',
  cpuset: 'cpuset',
  mempolicy: 'memory_policy',
} as const;

function expectPlace(kill: Kill, real: TrueKill, { report, pid, group }: Printed): void {
  const isMemcg = real.kind === 'memcg';
  const victim =
    real.cgroup_hex === undefined ? real.cgroup : display(hexToLatin1(real.cgroup_hex));
  const isFirstOfGroup = group === undefined || group.pids[0] === pid;
  const reportNamesIt =
    report?.constraint !== undefined ||
    (report?.taskIn !== undefined && report.announcedPid === pid);

  expect(kill.cgroup?.victim ?? victim).toBe(victim);
  if (reportNamesIt) {
    const limit = isMemcg ? real.oom_cgroup : undefined;
    expect(kill.cgroup).toEqual({
      victim,
      ...(limit && { limit: displayed(limit, real) }),
      from: 'log',
    });
    expect({ pod: kill.pod?.uid, container: kill.container }).toEqual({
      pod: identify(victim).pod?.uid,
      container: identify(victim).container,
    });
  }

  const limitIsKnown = reportNamesIt || report?.taskIn !== undefined || !isFirstOfGroup;
  if (!isMemcg) expect(kill.scope).toBe('node');
  else if (limitIsKnown) expect(kill.scope).toBe(limitScope(real.oom_cgroup!));
  else expect(kill.scope).toBeUndefined();

  // Before 5.0 no line distinguishes one global OOM from another.
  const isReported = isMemcg || report?.constraint !== undefined;
  if (isReported) expect(kill.constraint).toBe(constraintOf[real.kind]);
}

function displayed(limit: string, { cgroup, cgroup_hex }: TrueKill): string {
  if (cgroup_hex === undefined) return limit;
  expect(limit, 'the truth is understood').toBe(cgroup);
  return display(hexToLatin1(cgroup_hex));
}

function expectGroup(kill: Kill, { group }: Printed, { kills }: Result): void {
  if (group === undefined) {
    expect(kill).not.toHaveProperty('group');
    return;
  }
  const first = kills.find(({ victim }) => victim?.pid === group.pids[0])!;
  expect(kill.group).toEqual({
    id: first.id,
    size: group.pids.length,
    cgroup: display(group.path),
  });
}

function expectReport(kill: Kill, { report, group, pid }: Printed, pageKiB = 4): void {
  if (report === undefined) {
    if (group === undefined || group.pids[0] === pid) {
      expect(kill).not.toHaveProperty('trigger');
      expect(kill).not.toHaveProperty('memory');
      expect(kill).not.toHaveProperty('tasks');
      expect(kill.complete).toBe(false);
    }
    return;
  }
  expect(kill.complete).toBe(report.invoke !== undefined);
  expectTrigger(kill, report);
  if (report.memory === undefined) expect(kill).not.toHaveProperty('memory');
  else {
    const [usageKiB, limitKiB] = report.memory.slice(1).map(Number);
    expect(kill.memory).toEqual({ usageKiB, limitKiB });
  }
  expectTasks(kill, report.rows, pageKiB);
}

function expectTrigger(kill: Kill, { invoke }: NonNullable<Printed['report']>): void {
  if (invoke === undefined) {
    expect(kill).not.toHaveProperty('trigger');
    return;
  }
  const [, comm, gfpMask, order, oomScoreAdj] = invoke;
  expect(kill.trigger).toMatchObject({
    name: display(comm!),
    gfpMask: gfpMask!,
    order: Number(order),
    oomScoreAdj: Number(oomScoreAdj),
    manual: order === '-1',
  });
}

/** Columns before the name: pid uid tgid total_vm rss [rss_anon rss_file rss_shmem] pgtables swap adj. */
const ROW =
  /^\[ *\d+\] +(\d+) +(\d+) +\d+ +(\d+)(?: +\d+ +\d+ +\d+)? +\d+ +(\d+) +(-?\d+) (.{0,15})$/s;

function readRow(text: string, pageKiB = 4): NonNullable<Kill['tasks']>[0] {
  const [, uid, pid, rss, swap, oomScoreAdj, comm] = ROW.exec(text)!;
  return {
    pid: Number(pid),
    name: display(comm!),
    uid: Number(uid),
    rssKiB: pageKiB * Number(rss),
    swapKiB: pageKiB * Number(swap),
    oomScoreAdj: Number(oomScoreAdj),
  };
}

function expectTasks(kill: Kill, rows: string[], pageKiB: number): void {
  if (rows.length === 0) {
    expect(kill).not.toHaveProperty('tasks');
    return;
  }
  const all = rows.map((row) => readRow(row, pageKiB));
  const biggestFirst = all.map(({ rssKiB }) => rssKiB).toSorted((a, b) => b - a);
  expect(kill.tasks!.map(({ rssKiB }) => rssKiB)).toEqual(biggestFirst.slice(0, 10));
  for (const task of kill.tasks!) expect(all).toContainEqual(task);
}

function expectAccount({ machine }: Result, printed: Iterable<Printed>, forged: number): void {
  const all = [...printed];
  expect(machine.stats).toMatchObject({
    kills: all.length,
    repeats: all.reduce((sum, { seqs }) => sum + seqs.length - 1, 0),
    forged,
  });
}

/** The kernel counts each kill line, a group's first victim twice. */
function expectVmstat(name: string, { machine }: Result): void {
  const { before, after } = readTruth(name).vmstat_oom_kill;
  if (after !== null) expect(machine.stats.kills + machine.stats.repeats).toBe(after - before);
}
