import { type Kill, type OomEvent, type OomLine, OomMachine } from '@oomwatcher/oom';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Era,
  eras,
  type Oom,
  type PrintedRecord,
  printOom,
  storeLines,
  type Victim,
} from './kernel-printer.ts';
import * as arbitrary from './support/arbitrary.ts';
import { display } from './support/capture.ts';
import { isKept } from './support/filter.ts';
import { amended, type Result, run, runCaptured } from './support/run.ts';

const { plainPaths, hostilePaths } = arbitrary;
/** More of them find more: a thousand take some minutes. */
const runs = Number(process.env.OOMWATCHER_PROPERTY_RUNS ?? 25);

/** A kernel's log, with what each kill line is about. */
interface Log {
  era: Era;
  ooms: Oom[];
  lines: OomLine[];
  deaths: Map<bigint, { oom: Oom; victim: Victim }>;
}

describe.each(eras)('$name', (era) => {
  it('a report of plain cgroups is reported exactly', () => {
    check(arbitrary.oom({ paths: plainPaths }), (oom) => {
      const log = logOf(era, [oom]);
      expectExactly(run(log.lines), log);
    });
  });

  it('a cgroup’s name cannot make a report say something wrong', () => {
    check(arbitrary.oom({ paths: hostilePaths }), (oom) => {
      const log = logOf(era, [oom]);
      const result = run(log.lines);
      expectEveryDeathOnce(result, log);
      expectNothingWrong(result, log);
    });
  });

  it('a line that is stored in pieces is reported as the whole line', () => {
    const parts = fc.tuple(arbitrary.oom({ paths: plainPaths }), fc.infiniteStream(fc.boolean()));
    check(parts, ([oom, coins]) => {
      const log = logOf(era, [oom], { splits: () => coins.next().value });
      expectExactly(run(log.lines), log);
    });
  });

  it('what others print between the records changes nothing', () => {
    const parts = fc.tuple(
      arbitrary.oom({ paths: plainPaths }),
      fc.infiniteStream(fc.boolean()),
      fc.infiniteStream(fc.array(arbitrary.foreign, { maxLength: 3 })),
    );
    check(parts, ([oom, coins, others]) => {
      const log = logOf(era, [oom], {
        splits: () => coins.next().value,
        between: () => others.next().value,
      });
      expectExactly(run(log.lines), log);
    });
  });

  it('a thread that is chosen in place of its process changes nothing', () => {
    const parts = fc.tuple(
      arbitrary.oom({ paths: plainPaths }),
      arbitrary.comm.filter((name) => !name.includes(',task=')),
    );
    check(parts, ([oom, comm]) => {
      const log = logOf(era, [{ ...oom, chosenThread: { tid: 90_000, comm } }]);
      expectExactly(run(log.lines), log);
    });
  });

  it('however long the kernel pauses between lines, the kills are the same', () => {
    const parts = fc.tuple(
      arbitrary.oom({ paths: plainPaths }),
      fc.infiniteStream(fc.boolean()),
      fc.infiniteStream(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 12_000_000 }))),
    );
    check(parts, ([oom, coins, pauses]) => {
      const log = logOf(era, [oom], {
        splits: () => coins.next().value,
        pauseUs: () => pauses.next().value,
      });
      expectExactly(runCaptured(log.lines), log);
      const live = run(log.lines, (machine, quietMs) => machine.settle(quietMs));
      expectExactly({ ...live, kills: amended(live.events) }, log);
    });
  });

  it('a log that has only the seconds of its lines reports nothing wrong', () => {
    const one = arbitrary.oom({ paths: hostilePaths, suppressed: fc.boolean() });
    check(fc.array(one, { minLength: 1, maxLength: 5 }), (ooms) => {
      const log = logOf(era, ooms, { gapUs: 3_000_000 });
      const dated = log.lines.map(({ timestampUs, ...line }) => ({
        ...line,
        dateUs: Math.floor(timestampUs! / 1e6) * 1e6,
        dateStepUs: 1_000_000,
      }));
      const result = runCaptured(dated);
      expectEveryDeathOnce(result, log);
      expectNothingWrong(result, log);
    });
  });

  it('what the keep filter leaves out is not missed', () => {
    const parts = fc.tuple(arbitrary.oom({ paths: hostilePaths }), fc.infiniteStream(fc.boolean()));
    check(parts, ([oom, coins]) => {
      const { lines } = logOf(era, [oom], { splits: () => coins.next().value });
      expect(readWhole(lines.filter(isKept))).toEqual(readWhole(lines));
    });
  });

  it('one incident does not take anything from another', () => {
    const one = arbitrary.oom({ paths: hostilePaths, suppressed: fc.boolean() });
    check(fc.array(one, { minLength: 2, maxLength: 5 }), (ooms) => {
      // A group that nothing bounds swallows what follows it at once: no line ends it.
      const log = logOf(era, ooms, { gapUs: 300_000 });
      const result = run(log.lines);
      expectEveryDeathOnce(result, log);
      expectNothingWrong(result, log);
    });
  });

  it('a log of which a part is lost reports nothing wrong, and every kill line that is left', () => {
    const one = arbitrary.oom({ paths: hostilePaths, suppressed: fc.boolean() });
    const parts = fc.tuple(
      fc.array(one, { minLength: 1, maxLength: 3 }),
      fc.infiniteStream(fc.boolean()),
      fc.array(fc.tuple(fc.nat(200), fc.nat(60)), { maxLength: 3 }),
      fc.infiniteStream(fc.nat(9)),
    );
    check(parts, ([ooms, coins, cuts, pauses]) => {
      const log = logOf(era, ooms, { splits: () => coins.next().value, gapUs: 300_000 });
      const left = log.lines.filter(
        ({ seq }) => !cuts.some(([from, count]) => seq >= from && seq < from + count),
      );
      const result = run(left, (machine, _, { flag }) => {
        // The kernel does not pause within a line.
        if (flag === '-' && pauses.next().value === 0) machine.settle(1000);
      });
      expectNothingWrong(result, log);
      expectEveryKillLine(result, log, left);
    });
  });
});

/** Of a log in which nothing is missing but what a filter left out. */
function readWhole(lines: readonly OomLine[]): OomEvent[] {
  const machine = new OomMachine();
  for (const line of lines) machine.push(line);
  machine.flush();
  return machine.take();
}

function check<T>(parts: fc.Arbitrary<T>, predicate: (value: T) => void): void {
  fc.assert(fc.property(parts, predicate), { numRuns: runs });
}

interface LogOptions {
  splits?: () => boolean;
  between?: () => { text: string; priority: number }[];
  /** Between one incident and the next. */
  gapUs?: number;
  /** Between one line of an incident and the next. */
  pauseUs?: () => number;
}

function logOf(
  era: Era,
  ooms: Oom[],
  { splits, between, gapUs = 1000, pauseUs }: LogOptions = {},
): Log {
  const log: Log = {
    era,
    ooms: arbitrary.numbered(ooms.map((oom) => arbitrary.possibleIn(era, oom))),
    lines: [],
    deaths: new Map(),
  };
  let timestampUs = 5_000_000;
  const store = (record: PrintedRecord['record']) => {
    log.lines.push({ ...record, seq: BigInt(log.lines.length), timestampUs: timestampUs++ });
  };
  let withheld = 0;
  if (pauseUs !== undefined) {
    store({ priority: 6, flag: '-', text: 'Booting' });
    timestampUs += 10_000_000;
  }
  for (const oom of log.ooms) {
    if (oom.suppressed) withheld++;
    else if (withheld > 0) {
      store({ priority: 4, flag: '-', text: `oom_kill_process: ${withheld} callbacks suppressed` });
      withheld = 0;
    }
    for (const { record, victim } of storeLines(printOom(oom, era), era, splits)) {
      // The kernel does not pause within a line.
      if (record.flag === '-') timestampUs += pauseUs?.() ?? 0;
      for (const other of between?.() ?? []) store({ ...other, flag: '-' });
      if (victim !== undefined) log.deaths.set(BigInt(log.lines.length), { oom, victim });
      store(record);
    }
    timestampUs += gapUs;
  }
  return log;
}

function expectExactly(result: Result, log: Log): void {
  const { kills } = result;
  expectEveryDeathOnce(result, log);
  expectNothingWrong(result, log);
  for (const kill of kills) {
    const { oom, victim } = log.deaths.get(BigInt(kill.seq!))!;
    const isFirst = victim === oom.victim;
    expect(kill.complete).toBe(true);
    expect(kill.trigger).toBeDefined();
    expect(kill.tasks).toHaveLength(
      Math.min(10, 1 + oom.others.length + (oom.group?.members.length ?? 0)),
    );
    expect(kill.scope).toBeDefined();
    expect(kill.victim).toMatchObject({ pid: victim.pid, uid: victim.uid });
    expect(kill.group !== undefined).toBe(oom.group !== undefined);
    if (kill.group !== undefined) {
      expect(kill.group).toEqual({
        id: kills[0]!.id,
        size: 1 + oom.group!.members.length,
        cgroup: display(oom.group!.cgroup),
      });
    }
    if (oom.limit !== undefined) {
      expect(kill.constraint).toBe('memcg');
      expect(kill.memory).toBeDefined();
      expect(kill.cgroup?.limit).toBeDefined();
    }
    const pathsArePrinted = oom.limit !== undefined || log.era.paths.startsWith('constraint');
    if (isFirst && pathsArePrinted) expect(kill.cgroup?.victim).toBe(display(victim.cgroup));
  }
}

/** All that a kill says is so. */
function expectNothingWrong({ kills }: Result, { deaths, era }: Log): void {
  for (const kill of kills) {
    const { oom, victim } = deaths.get(BigInt(kill.seq!))!;
    expectVictim(kill, victim, era);
    const { limit, trigger, others, group } = oom;
    expect([undefined, display(victim.cgroup)]).toContain(kill.cgroup?.victim);
    expect([undefined, limit && display(limit.cgroup)]).toContain(kill.cgroup?.limit);
    expect(kill.scope === 'node' ? limit : undefined).toBeUndefined();
    expect([undefined, limit === undefined ? 'none' : 'memcg']).toContain(kill.constraint);
    if (kill.memory !== undefined) {
      expect(kill.memory).toEqual({ usageKiB: limit!.usageKiB, limitKiB: limit!.limitKiB });
    }
    if (kill.trigger !== undefined) {
      expect([undefined, trigger.pid]).toContain(kill.trigger.pid);
      expect(kill.trigger).toMatchObject({
        name: display(trigger.comm),
        order: trigger.order,
        oomScoreAdj: trigger.oomScoreAdj,
        manual: trigger.order === -1,
      });
    }
    if (kill.group !== undefined)
      expect([undefined, display(group!.cgroup)]).toContain(kill.group.cgroup);
    const tasks = [oom.victim, ...others, ...(group?.members ?? [])].map((task) => ({
      pid: task.pid,
      name: display(task.comm),
      uid: task.uid,
      rssKiB: task.rssPages * 4,
      swapKiB: task.swapPages * 4,
      oomScoreAdj: task.oomScoreAdj,
    }));
    for (const task of kill.tasks ?? []) expect(tasks).toContainEqual(task);
    if (oom.suppressed) expect(kill.complete).toBe(false);
  }
}

function expectVictim({ victim: reported }: Kill, victim: Victim, { killed }: Era): void {
  // Without the table the number on the kill line is all that is known.
  const isThreadUnknown = reported!.pid === victim.tid;
  expect(reported!.pid).toBe(isThreadUnknown ? victim.tid : victim.pid);
  expect(reported!.tid).toBe(isThreadUnknown ? undefined : victim.tid);
  expect([undefined, victim.uid]).toContain(reported!.uid);
  expect(reported).toMatchObject({
    name: display(victim.comm),
    totalVmKiB: victim.totalVmKiB,
    anonRssKiB: victim.anonRssKiB,
    fileRssKiB: victim.fileRssKiB,
    ...(killed !== 'K1' && killed !== 'K1u' && { shmemRssKiB: victim.shmemRssKiB }),
    ...(killed === 'K4' && {
      pageTablesKiB: victim.pageTablesKiB,
      oomScoreAdj: victim.oomScoreAdj,
    }),
  });
}

function expectEveryDeathOnce({ kills }: Result, { ooms }: Log): void {
  const dead = ooms.flatMap(({ victim, group }) => [victim, ...(group?.members ?? [])]);
  expect(kills.map(({ victim }) => victim!.tid ?? victim!.pid)).toEqual(dead.map(({ tid }) => tid));
}

/** A group's first victim may be reported twice when what came between its two lines is lost. */
function expectEveryKillLine({ kills }: Result, { deaths }: Log, left: readonly OomLine[]): void {
  const reported = new Set(kills.map(({ victim }) => victim!.tid ?? victim!.pid));
  const printed = new Set(left.flatMap(({ seq }) => deaths.get(seq)?.victim.tid ?? []));
  expect(reported).toEqual(printed);
}
