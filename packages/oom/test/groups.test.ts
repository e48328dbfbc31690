import { type Kill, type OomLine, OomMachine } from '@oomwatcher/oom';
import { describe, expect, it } from 'vitest';
import { readCapture } from './support/capture.ts';
import { amended, linesOf, run, runCaptured } from './support/run.ts';

const quota = '6.12-group-cpu-quota';

/** Five groups of 25 and 26 under different CPU limits: by the bytes, the members of each announced path. */
function membersByPath(lines: readonly OomLine[]): Map<string, Set<number>> {
  const members = new Map<string, Set<number>>();
  let first: number | undefined;
  let group: Set<number> | undefined;
  for (const { text } of lines) {
    const killed = /Killed process (\d+) /.exec(text)?.[1];
    const path = /^Tasks in (\S+) are going/.exec(text)?.[1];
    if (text.includes('invoked oom-killer')) group = undefined;
    if (path !== undefined) {
      group = new Set([first!]);
      members.set(path, group);
    }
    if (killed === undefined) continue;
    first = Number(killed);
    group?.add(first);
  }
  return members;
}

/** Reads the lines as a reader at the log's end does, which settles what waits in each pause of the log. */
function live(lines: readonly OomLine[], settlesAfterMs = 5) {
  return run(lines, (machine, quietMs) => {
    for (const ms of [5, 200, 5000]) if (ms >= settlesAfterMs && quietMs >= ms) machine.settle(ms);
  });
}

describe('a group whose members the kernel prints with pauses is one group', () => {
  const lines = readCapture(quota);
  const groups = membersByPath(lines);
  const all = [...groups.values()].reduce((sum, { size }) => sum + size, 0);

  it('the capture is understood', () => {
    expect([...groups.keys()]).toEqual(['/free', '/q20', '/q10', '/q5', '/w1']);
    expect(all).toBe(126);
  });

  function expectGroups(kills: readonly Kill[]): void {
    expect(kills).toHaveLength(all);
    for (const [path, pids] of groups) {
      const members = kills.filter(({ group }) => group?.cgroup === path);
      expect(new Set(members.map(({ victim }) => victim!.pid))).toEqual(pids);
      expect(new Set(members.map(({ group }) => group!.size))).toEqual(new Set([pids.size]));
      expect(new Set(members.map(({ cgroup }) => cgroup?.limit))).toEqual(new Set([path]));
    }
  }

  it('read as a whole', () => {
    const { kills, events, machine } = runCaptured(lines);
    expectGroups(kills);
    expect(events.filter(({ kind }) => kind === 'amendment')).toEqual([]);
    // 130 kill lines of 126 processes: the last group is cut before its second line.
    expect(machine.stats).toMatchObject({ kills: 126, repeats: 4 });
  });

  it('read as it is written, with each kill once and corrected where it was reported too early', () => {
    const result = live(lines);
    expect(result.kills).toHaveLength(all);
    expect(new Set(result.kills.map(({ id }) => id)).size).toBe(all);
    expectGroups(amended(result.events));
    expect(result.machine.stats).toMatchObject({ kills: 126, repeats: 4 });
  });

  it('a group is amended once for each of its kills, when it is final', () => {
    const { events } = live(lines);
    const ids = events.flatMap((event) => (event.kind === 'amendment' ? [event.amendment.id] : []));
    expect(ids.length).toBeGreaterThan(20);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

const A = '/kubepods/pod1/app';
const figures = 'total-vm:900kB, anon-rss:80kB, file-rss:7kB, shmem-rss:6kB';
const invoke = 'app invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0';
const table = '[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name';
const row = (pid: number) =>
  `[${String(pid).padStart(7)}]     0 ${String(pid).padStart(5)}      225       23    57344        0             0 app`;
const constraint = (pid: number, limit = A, victim = A) =>
  `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=${limit},task_memcg=${victim},task=app,pid=${pid},uid=0`;
const killed = (pid: number, { name = 'app', adj = 0, uid = 0 } = {}) =>
  `Memory cgroup out of memory: Killed process ${pid} (${name}) ${figures}, UID:${uid} pgtables:5kB oom_score_adj:${adj}`;
const tasksIn = (path = A) => `Tasks in ${path} are going to be killed due to memory.oom.group set`;

type At = [seconds: number, text: string];

/** Lines at their times; the log has been read for long before. */
function at(...lines: At[]): OomLine[] {
  return linesOf(
    { text: 'Booting', timestampUs: 0 },
    ...lines.map(([seconds, text]) => ({ text, timestampUs: (100 + seconds) * 1e6 })),
  );
}

/** A group of 1, 2 and 3 whose limit is that of `limit`. */
function begin(limit = A, rows = [1, 2, 3]): At[] {
  return [
    [0, invoke],
    [0, `Memory cgroup stats for ${limit}:`],
    [0, table],
    ...rows.map((pid): At => [0, row(pid)]),
    [0, constraint(1, limit)],
    [0, killed(1)],
    [0, tasksIn()],
  ];
}

const sizes = (kills: readonly Kill[]) =>
  kills.map(({ victim, group }) => [victim!.pid, group?.size]);

it('an amendment says what has changed, and what is no longer so', () => {
  const lines = at(...begin('/kubepods/pod1'), [3, killed(2)], [4, killed(1)]).slice(1);
  const { events } = run(lines, (machine, quietMs) => machine.settle(quietMs));
  const ids = events.flatMap((event) => (event.kind === 'kill' ? [event.kill.id] : []));
  expect(ids).toHaveLength(2);
  expect(events.filter(({ kind }) => kind === 'amendment')).toMatchObject([
    { amendment: { id: ids[0], fields: { group: { size: 2 } } } },
    {
      amendment: {
        schema: 'oomwatcher.amendment/v1',
        id: ids[1],
        fields: {
          group: { id: ids[0], size: 2, cgroup: A },
          cgroup: { limit: '/kubepods/pod1' },
          complete: true,
          missing: null,
        },
      },
    },
  ]);
  const [, second] = amended(events);
  expect(second).toMatchObject({ complete: true, group: { size: 2 } });
  expect(second).not.toHaveProperty('missing');
});

describe('what makes a kill a member', () => {
  it('the table of the cgroup that dies as a whole, however late', () => {
    const { kills, machine } = runCaptured(
      at(...begin(), [12, killed(2)], [20, killed(3)], [20, killed(1)]),
    );
    expect(sizes(kills)).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
    expect(machine.stats.repeats).toBe(1);
  });

  it('being printed before the first victim’s second line', () => {
    const pod = '/kubepods/pod1';
    const early = at(...begin(pod)).filter(({ text }) => text !== 'Booting');
    const [last] = early.slice(-1) as [OomLine];
    const later = linesOf(killed(2), killed(1)).map((line, index) => ({
      ...line,
      seq: last.seq + BigInt(index) + 1n,
      timestampUs: last.timestampUs! + 1_000_000,
    }));
    const { kills, machine } = runCaptured([...early, ...later]);
    expect(sizes(kills)).toEqual([
      [1, 2],
      [2, 2],
    ]);
    expect(machine.stats.repeats).toBe(1);
  });

  it('that no report can have been withheld', () => {
    const { kills } = runCaptured(at(...begin('/kubepods/pod1'), [3, killed(2)]));
    expect(sizes(kills)).toEqual([
      [1, 2],
      [2, 2],
    ]);
  });

  it('/proc, however late, and in no table', () => {
    const lines = at(...begin(), [9, killed(7)]);
    lines.at(-1)!.witness = { cgroup: `${A}/below` };
    expect(sizes(runCaptured(lines).kills)).toEqual([
      [1, 2],
      [7, 2],
    ]);
  });
});

describe('what is no member for certain, or not certainly one, has no place of the group’s', () => {
  function expectAlone(lines: OomLine[], pid: number): void {
    const { kills } = runCaptured(lines);
    expect(kills).toHaveLength(2);
    expect(kills[1]).toMatchObject({ victim: { pid }, complete: false });
    expect(kills[1]).not.toHaveProperty('group');
    expect(kills[1]).not.toHaveProperty('cgroup.limit');
    expect(kills[1]).not.toHaveProperty('container');
  }

  it('a kill of a sibling in the same pod whose report may be withheld', () => {
    const lines = at(...begin('/kubepods/pod1'), [1, killed(2)]);
    // The log begins with the report: nobody knows how many the kernel printed before.
    expectAlone(lines.slice(1), 2);
  });

  it('a process that is in no table', () => expectAlone(at(...begin(), [1, killed(9)]), 9));

  it('what the kernel leaves out of a group', () =>
    expectAlone(at(...begin(), [1, killed(2, { adj: -1000 })]), 2));

  it('a kill that /proc saw elsewhere', () => {
    const lines = at(...begin(), [0, killed(2)]);
    lines.at(-1)!.witness = { cgroup: '/kubepods/pod1/other' };
    const { kills } = runCaptured(lines);
    expect(kills[1]).not.toHaveProperty('group');
  });

  it('a kill of the same table after another report', () => {
    const { kills } = runCaptured(
      at(
        ...begin(),
        [1, invoke],
        [1, 'Memory cgroup stats for /b:'],
        [1, constraint(8, '/b', '/b')],
        [1, killed(8)],
        [2, killed(2)],
      ),
    );
    expect(sizes(kills)).toEqual([
      [1, 1],
      [8, undefined],
      [2, undefined],
    ]);
    expect(kills[2]).not.toHaveProperty('cgroup');
  });
});

describe('a log of dates', () => {
  const dated = (seconds: number, text: string, stepUs = 1_000_000) => ({
    text,
    dateUs: 1_750_000_000_000_000 + seconds * 1e6,
    dateStepUs: stepUs,
  });
  const withoutStamps = (lines: OomLine[]): OomLine[] =>
    lines.map(({ timestampUs: _, ...line }) => line);
  const first = (date: (seconds: number, text: string) => Partial<OomLine>) =>
    [invoke, `Memory cgroup stats for ${A}:`, constraint(1), killed(1), tasksIn(), killed(1)].map(
      (text) => date(0, text),
    );

  it('a member has the date of the group, a later kill is alone', () => {
    const lines = linesOf(...first(dated), dated(0, killed(2)), dated(7200, killed(3)));
    expect(sizes(runCaptured(withoutStamps(lines)).kills)).toEqual([
      [1, 2],
      [2, 2],
      [3, undefined],
    ]);
  });

  it('a kill of another user in the same second is alone', () => {
    const other = dated(0, killed(3, { name: 'nginx', uid: 33 }));
    const lines = linesOf(...first(dated), dated(0, killed(2)), other);
    expect(sizes(runCaptured(withoutStamps(lines)).kills)).toEqual([
      [1, 2],
      [2, 2],
      [3, undefined],
    ]);
  });

  it('kills whose reports the kernel says it withheld are alone', () => {
    const lines = linesOf(
      ...first(dated),
      ...[2, 3, 4].map((pid) => dated(0, killed(pid))),
      dated(5, 'oom_kill_process: 2 callbacks suppressed'),
    );
    expect(sizes(runCaptured(withoutStamps(lines)).kills)).toEqual([
      [1, 2],
      [2, 2],
      [3, undefined],
      [4, undefined],
    ]);
  });

  it('withheld reports are reported only where their kills are not', () => {
    const suppressed = (count: number) =>
      dated(5, `oom_kill_process: ${count} callbacks suppressed`);
    const outcomes = (count: number) =>
      runCaptured(
        withoutStamps(linesOf(...first(dated), dated(2, killed(9)), suppressed(count))),
      ).events.filter(({ kind }) => kind === 'outcome');
    expect(outcomes(1)).toEqual([]);
    expect(outcomes(2)).toHaveLength(1);
  });

  it('where lines have no clock nothing is a member by its time', () => {
    const lines = linesOf(...first((_, text) => ({ text })), killed(2));
    expect(sizes(runCaptured(withoutStamps(lines)).kills)).toEqual([
      [1, 1],
      [2, undefined],
    ]);
  });

  it('a report is not that of a kill hours later', () => {
    const lines = linesOf(
      dated(0, 'one invoked oom-killer: gfp_mask=0xd0, order=0, oom_score_adj=0'),
      dated(0, 'Task in /a killed as a result of limit of /a'),
      dated(
        20_000,
        'Memory cgroup out of memory: Kill process 55 (x) score 990 or sacrifice child',
      ),
      dated(20_000, 'Killed process 55 (x) total-vm:2kB, anon-rss:1kB, file-rss:0kB'),
    );
    const { kills } = runCaptured(withoutStamps(lines));
    expect(kills).toHaveLength(1);
    expect(kills[0]).not.toHaveProperty('cgroup');
    expect(kills[0]).not.toHaveProperty('trigger');
  });
});

it('a storm of kills after a group is not held for longer than a second', () => {
  const machine = new OomMachine();
  let held = 0;
  const lines = at(
    ...begin(),
    ...Array.from({ length: 400 }, (_, index): At => [0.01 * (index + 1), killed(1000 + index)]),
  );
  for (const line of lines) {
    machine.push(line);
    machine.take();
    const oldest = lines.find(({ seq }) => seq === machine.heldSeq);
    if (oldest !== undefined) held = Math.max(held, line.timestampUs! - oldest.timestampUs!);
  }
  expect(held).toBeLessThan(1_100_000);
});
