import { type OomLine, OomMachine } from '@oomwatcher/oom';
import { describe, expect, it } from 'vitest';
import { linesOf, run, user } from './support/run.ts';

const sizes = 'total-vm:9kB, anon-rss:8kB, file-rss:7kB, shmem-rss:6kB';
const rest = 'UID:0 pgtables:5kB oom_score_adj:0';

const invoke = (comm = 'app', order = 0) =>
  `${comm} invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=${order}, oom_score_adj=0`;
const constraint = (pid: number, path = '/a', comm = 'app') =>
  `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=${path},task_memcg=${path},task=${comm},pid=${pid},uid=0`;
const kill = (pid: number, comm = 'app') =>
  `Memory cgroup out of memory: Killed process ${pid} (${comm}) ${sizes}, ${rest}`;
const globalKill = (pid: number) => `Out of memory: Killed process ${pid} (app) ${sizes}, ${rest}`;
const oldKill = (pid: number, comm = 'app') => `Killed process ${pid} (${comm}) ${sizes}`;
const announce = (pid: number, comm = 'app') =>
  `Memory cgroup out of memory: Kill process ${pid} (${comm}) score 1743 or sacrifice child`;
const group = (path = '/a') =>
  `Tasks in ${path} are going to be killed due to memory.oom.group set`;
const header = '[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name';
const row = (tid: number, pid = tid, comm = 'app') =>
  `[${String(tid).padStart(7)}]     0 ${String(pid).padStart(5)}        9        5    57344        0             0 ${comm}`;

const reported = (...lines: Parameters<typeof linesOf>) => run(linesOf(...lines));

/** A line, so many milliseconds after the one before it would be. */
const later = (ms: number, text: string) => ({ text, timestampUs: 1_000_000 + ms * 1000 });

describe('a report speaks only for its own kill', () => {
  it('a second report does not inherit the first one’s cgroup', () => {
    const { kills } = reported(invoke(), constraint(1, '/first'), kill(1), invoke(), kill(2));
    expect(kills[0]).toMatchObject({ cgroup: { victim: '/first' }, complete: true });
    expect(kills[1]?.victim?.pid).toBe(2);
    expect(kills[1]).toMatchObject({ complete: false });
    expect(kills[1]).not.toHaveProperty('cgroup');
  });

  it('a kill without a report is a kill, of an unknown cgroup', () => {
    const { kills } = reported(invoke(), constraint(1), kill(1), kill(2), kill(3));
    expect(kills.map(({ victim }) => victim?.pid)).toEqual([1, 2, 3]);
    for (const alone of kills.slice(1)) {
      expect(alone).toMatchObject({ constraint: 'memcg', complete: false });
      for (const field of ['cgroup', 'scope', 'trigger', 'memory', 'tasks', 'container', 'pod']) {
        expect(alone).not.toHaveProperty(field);
      }
    }
  });

  it('a kill of another process than the report chose does not get its cgroup', () => {
    const { kills } = reported(invoke(), header, row(1), constraint(1), kill(2));
    expect(kills).toMatchObject([{ victim: { pid: 2 }, complete: false }]);
    expect(kills[0]).not.toHaveProperty('cgroup');
  });

  it('the thread that the kill line names is found to be the process that was chosen', () => {
    const { kills } = reported(
      ...[invoke('thr-name2'), header, row(10099, 10098, 'thr-name2')],
      ...[constraint(10098, '/a', 'proc-leader'), kill(10099, 'thr-name2')],
    );
    expect(kills).toMatchObject([
      {
        victim: { pid: 10098, tid: 10099, name: 'thr-name2' },
        cgroup: { victim: '/a' },
        complete: true,
      },
    ]);
    expect(kills).toHaveLength(1);
  });

  it('a thread is found to be the process by /proc where the table was not printed', () => {
    const witness = { tgid: 10098, cgroup: '/a' };
    const { kills } = reported(invoke(), constraint(10098), { text: kill(10099), witness });
    expect(kills).toMatchObject([
      { victim: { pid: 10098, tid: 10099 }, cgroup: { victim: '/a', from: 'log' }, complete: true },
    ]);
  });

  it('records lost within a report close it, and the kill after them is reported', () => {
    const lines = linesOf(invoke(), constraint(1, '/first'), kill(2));
    const { kills } = run(
      lines.map((line, at) => (at === 2 ? { ...line, seq: line.seq + 100n } : line)),
    );
    expect(kills).toMatchObject([{ victim: { pid: 2 }, complete: false }]);
    expect(kills[0]).not.toHaveProperty('cgroup');
  });

  it('a report whose beginning was lost still reports the rest', () => {
    const { kills } = reported(
      ...[
        'Task in /a/b killed as a result of limit of /a',
        'memory: usage 16kB, limit 32kB, failcnt 1',
      ],
      ...['Memory cgroup stats for /a: cache:0KB rss:4KB', header, row(1), announce(1), oldKill(1)],
    );
    expect(kills).toMatchObject([
      {
        cgroup: { victim: '/a/b', limit: '/a' },
        memory: { usageKiB: 16, limitKiB: 32 },
        tasks: [{ pid: 1 }],
        complete: false,
      },
    ]);
  });

  it('statistics that could not be read do not make those of a cgroup below the limit’s', () => {
    const { kills } = reported(
      ...[
        invoke(),
        'Memory cgroup stats for /a: cache',
        'Memory cgroup stats for /a/b: cache:0KB rss:4KB',
      ],
      ...[constraint(1).replace('task_memcg=/a', 'task_memcg=(error)'), kill(1)],
    );
    expect(kills[0]?.cgroup?.limit).toBeUndefined();
  });

  it('a report that is hours old is not the kill’s', () => {
    const { kills } = reported(invoke(), constraint(1, '/old'), later(3_600_000, kill(1)));
    expect(kills[0]).not.toHaveProperty('cgroup');
  });

  it('figures, whole, in lines or in one record, are not taken for anything else', () => {
    const { kills } = reported(
      ...[
        invoke(),
        'memory: usage 16kB, limit 32kB, failcnt 1',
        'swap: usage 0kB, limit 0kB, failcnt 0',
      ],
      ...['Memory cgroup stats for /a:', 'anon 123\nfile 0\nKilled process 5', 'total_rss 5'],
      ...[
        'Memory cgroup min protection 0kB -- low protection 0kB',
        header,
        row(1),
        constraint(1),
        kill(1),
      ],
    );
    expect(kills).toMatchObject([
      { memory: { usageKiB: 16, limitKiB: 32 }, tasks: [{ pid: 1, rssKiB: 20 }], complete: true },
    ]);
  });

  it('pages are the node’s', () => {
    const machine = new OomMachine({ pageSizeKiB: 64 });
    for (const line of linesOf(invoke(), header, row(1), constraint(1), kill(1)))
      machine.push(line);
    machine.flush();
    expect(machine.take()).toMatchObject([{ kill: { tasks: [{ rssKiB: 320 }] } }]);
  });

  it('5.0 prints no constraint for a cgroup’s limit, yet it is one', () => {
    const line = constraint(1).replace('CONSTRAINT_MEMCG', 'CONSTRAINT_NONE');
    expect(reported(invoke(), line, kill(1)).kills).toMatchObject([
      { constraint: 'memcg', scope: 'cgroup' },
    ]);
  });

  it('two readings of a line are settled by the statistics’ path, else neither is reported', () => {
    const line =
      'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/a,task_memcg=/a/x,oom_memcg=/a/x,task_memcg=/a/x/y,task=app,pid=1,uid=0';
    const settled = reported(invoke(), 'Memory cgroup stats for /a/x:', line, kill(1)).kills[0];
    expect([undefined, '/a/x/y']).toContain(settled?.cgroup?.victim);
    expect([undefined, '/a/x']).toContain(settled?.cgroup?.limit);
    const open = reported(invoke(), line, kill(1)).kills[0];
    expect(open?.complete).toBe(false);
    expect(open?.cgroup?.victim).toBeUndefined();
  });

  it('two reports of 3.10 side by side give no cgroup to the wrong one', () => {
    const taskIn = (path: string) => `Task in ${path} killed as a result of limit of ${path}`;
    const { kills } = reported(
      ...[invoke('one'), invoke('two'), taskIn('/one'), taskIn('/two')],
      ...[announce(1, 'one'), oldKill(1, 'one'), announce(2, 'two'), oldKill(2, 'two')],
    );
    expect(kills.map(({ victim }) => victim?.pid)).toEqual([1, 2]);
    for (const { cgroup, victim, complete } of kills) {
      expect([undefined, victim?.pid === 1 ? '/one' : '/two']).toContain(cgroup?.victim);
      expect(complete).toBe(false);
    }
  });
});

describe('reports of 3.10 side by side, whose lines nothing distinguishes', () => {
  const taskIn = (path: string) => `Task in ${path} killed as a result of limit of ${path}`;
  const globally = announce(2).replace('Memory cgroup out', 'Out');

  it('a limit’s report gives the machine’s victim no cgroup', () => {
    const { kills } = reported(invoke('one'), invoke('two'), taskIn('/one'), globally, oldKill(2));
    expect(kills[0]).not.toHaveProperty('cgroup');
  });

  it('of two cgroups neither is reported, though the beginnings were lost', () => {
    const { kills } = reported(taskIn('/one'), taskIn('/two'), announce(1), oldKill(1));
    expect([undefined, '/one']).toContain(kills[0]?.cgroup?.victim);
    expect([undefined, '/one']).toContain(kills[0]?.cgroup?.limit);
  });
});

describe('who was announced is not who died', () => {
  it('a child that died for its parent is one kill, of the child', () => {
    const { kills } = reported(
      ...[
        invoke('apache2'),
        'Task in /a killed as a result of limit of /a',
        'Memory cgroup stats for /a: cache:0KB rss:9KB',
      ],
      ...[announce(129, 'apache2'), oldKill(130, 'apache2-child0')],
    );
    expect(kills).toMatchObject([
      {
        victim: { pid: 130, name: 'apache2-child0' },
        constraint: 'memcg',
        cgroup: { limit: '/a' },
        complete: true,
      },
    ]);
    expect(kills).toHaveLength(1);
  });

  it('the child’s cgroup is not reported where the limit has cgroups below', () => {
    const { kills } = reported(
      ...[invoke(), 'Task in /a/b killed as a result of limit of /a'],
      ...[
        'Memory cgroup stats for /a: cache:0KB rss:9KB',
        'Memory cgroup stats for /a/b: cache:0KB rss:9KB',
      ],
      ...[announce(129), oldKill(130)],
    );
    expect(kills[0]?.cgroup).toEqual({ limit: '/a' });
  });

  it('an announcement alone is no kill', () => {
    expect(reported(invoke(), announce(1)).kills).toEqual([]);
  });

  it('a process that shared the victim’s memory died too', () => {
    const { kills } = reported(
      announce(1),
      oldKill(1),
      'Kill process 2 (other) sharing same memory',
    );
    expect(kills.map(({ victim }) => [victim?.pid, victim?.name])).toEqual([
      [1, 'app'],
      [2, 'other'],
    ]);
  });
});

describe('a group is one incident', () => {
  const whole = [invoke(), header, row(1), row(2), row(3), constraint(1), kill(1), group()];

  it('its first victim, printed twice, died once', () => {
    const { kills, machine } = reported(...whole, kill(2), kill(3), kill(1));
    expect(kills.map(({ victim }) => victim?.pid)).toEqual([1, 2, 3]);
    expect(machine.stats).toMatchObject({ kills: 3, repeats: 1 });
    for (const member of kills) {
      expect(member.group).toEqual({ id: kills[0]!.id, size: 3, cgroup: '/a' });
      expect(member).toMatchObject({ cgroup: { limit: '/a' }, complete: true });
    }
  });

  it('a member that was exiting already is not counted', () => {
    const exiting =
      'Memory cgroup out of memory: OOM victim 1 (app) is already exiting. Skip killing the task';
    const { kills, events } = reported(...whole, kill(2), exiting);
    expect(kills.map(({ victim }) => victim?.pid)).toEqual([1, 2]);
    expect(events).toContainEqual(
      expect.objectContaining({
        outcome: expect.objectContaining({
          kind: 'already-exiting',
          process: { pid: 1, name: 'app' },
        }),
      }),
    );
  });

  it('the members’ own cgroup is not reported: they may be in any below', () => {
    const { kills } = reported(...whole, kill(2), kill(1));
    expect(kills[1]?.cgroup?.victim).toBeUndefined();
  });

  it('a process that the table does not list is not a member', () => {
    const { kills } = reported(...whole, kill(2), kill(99));
    expect(kills[2]).not.toHaveProperty('group');
    expect(kills[1]?.group?.size).toBe(2);
  });

  it('a kill of the whole machine right after is not a member', () => {
    const { kills } = reported(...whole, kill(2), globalKill(3));
    expect(kills[2]).not.toHaveProperty('group');
    expect(kills[2]?.scope).toBe('node');
  });

  it('the same process number in a later incident is another kill', () => {
    const { kills } = reported(...whole, kill(2), kill(1), invoke(), constraint(1), kill(1));
    expect(kills.map(({ victim }) => victim?.pid)).toEqual([1, 2, 1]);
  });

  it('a group whose announcement is not the report’s cgroup is not its group', () => {
    const { kills } = reported(invoke(), constraint(1, '/a'), kill(1), group('/b'));
    expect(kills[0]).not.toHaveProperty('group');
  });

  it('the first kill of the next group is not this one’s last', () => {
    const { kills } = reported(
      ...[kill(1), group('/a'), kill(2), kill(3), group('/b'), kill(4), kill(3)],
    );
    expect(kills.map(({ victim, group: of }) => [victim?.pid, of?.cgroup, of?.size])).toEqual([
      [1, '/a', 2],
      [2, '/a', 2],
      [3, '/b', 2],
      [4, '/b', 2],
    ]);
  });

  it('a member that was exiting already does not end it', () => {
    const exiting =
      'Memory cgroup out of memory: OOM victim 2 (app) is already exiting. Skip killing the task';
    const { kills } = reported(...whole, exiting, kill(3), kill(1));
    expect(kills.map(({ victim, group: of }) => [victim?.pid, of?.size])).toEqual([
      [1, 2],
      [3, 2],
    ]);
  });

  it('it is given out with its size although its end is never printed', () => {
    const machine = new OomMachine();
    for (const line of linesOf(...whole, kill(2))) machine.push(line);
    expect(machine.waitMs).toBeGreaterThan(0);
    machine.settle(machine.waitMs!);
    expect(machine.take()).toMatchObject([
      { kill: { group: { size: 2 } } },
      { kill: { group: { size: 2 } } },
    ]);
    expect(machine.amendableSeq).toBeDefined();
    machine.settle(machine.waitMs!);
    expect(machine.waitMs).toBeUndefined();
  });
});

describe('a kill is given out as soon as nothing can change it', () => {
  const machineOf = (...lines: OomLine[]) => {
    const machine = new OomMachine();
    for (const line of lines) machine.push(line);
    return machine;
  };

  it('waits for a group only while the log is not quiet', () => {
    const machine = machineOf(...linesOf(invoke(), constraint(1), kill(1)));
    expect(machine.heldSeq).toBe(3n);
    expect(machine.take()).toEqual([]);
    const wait = machine.waitMs!;
    expect(wait).toBeLessThan(100);
    machine.settle(wait);
    expect(machine.take()).toMatchObject([{ kind: 'kill', seq: 3n }]);
    expect(machine.heldSeq).toBeUndefined();
    // Its group may be announced yet.
    expect(machine.amendableSeq).toBe(3n);
    expect(machine.waitMs).toBe(5000);
    machine.settle(5000);
    expect(machine.amendableSeq).toBeUndefined();
    expect(machine.waitMs).toBeUndefined();
    machine.flush();
    expect(machine.take()).toEqual([]);
  });

  it('does not wait where the node has no group for it', () => {
    const asked: object[] = [];
    const machine = new OomMachine({
      killsGroup: (cgroup) => {
        asked.push(cgroup);
        return cgroup.victim === '/a' ? false : undefined;
      },
    });
    for (const line of linesOf(invoke(), constraint(1), kill(1))) machine.push(line);
    expect(machine.take()).toMatchObject([{ kind: 'kill', seq: 3n }]);
    expect(machine.waitMs).toBeUndefined();
    for (const line of linesOf(kill(2))) machine.push(line);
    expect(machine.take(), 'nothing says where it was').toEqual([]);
    expect(asked).toMatchObject([{ victim: '/a', limit: '/a' }, {}]);
  });

  it('an announcement that a slow console delays still finds its first kill', () => {
    const machine = new OomMachine({ killsGroup: () => true });
    const [first, ...others] = linesOf(kill(1), later(140, group()), later(150, kill(2)));
    machine.push(first as OomLine);
    machine.settle(140);
    expect(machine.take()).toEqual([]);
    for (const line of others) machine.push(line);
    machine.settle(machine.waitMs!);
    expect(machine.take().map((event) => event.kind === 'kill' && event.kill.group?.size)).toEqual([
      2, 2,
    ]);
  });

  it('a storm is given out kill by kill, and none is kept', () => {
    const machine = machineOf(...linesOf(...Array.from({ length: 1000 }, (_, at) => kill(at + 1))));
    expect(machine.take()).toHaveLength(999);
    machine.flush();
    expect(machine.take()).toHaveLength(1);
  });
});

describe('what is no kill is reported as what it is', () => {
  it.each([
    ['Out of memory and no killable processes...', 'no-killable-process'],
    ['Kernel panic - not syncing: Out of memory and no killable processes...', 'panic'],
    ['Kernel panic - not syncing: System is deadlocked on memory', 'panic'],
    ['Kernel panic - not syncing: Out of memory: compulsory panic_on_oom is enabled', 'panic'],
  ])('%s', (text, kind) => {
    const { kills, events } = reported(invoke('hog'), 'Memory cgroup stats for /a:', text);
    expect(kills).toEqual([]);
    expect(events).toMatchObject([
      { kind: 'outcome', outcome: { kind, cgroup: '/a', trigger: { name: 'hog' } } },
    ]);
    expect(reported(user(text)).events.filter(({ kind: what }) => what === 'outcome')).toEqual([]);
  });

  it('the kill after a report without a victim does not get its cgroup', () => {
    const { kills } = reported(
      invoke(),
      'Memory cgroup stats for /a:',
      'Out of memory and no killable processes...',
      kill(2),
    );
    expect(kills[0]).not.toHaveProperty('cgroup');
    expect(kills[0]).not.toHaveProperty('trigger');
  });

  it('withheld reports are counted', () => {
    const { machine, events } = reported(
      'oom_kill_process: 190 callbacks suppressed',
      invoke(),
      constraint(1),
      kill(1),
    );
    expect(machine.stats.suppressedReports).toBe(190);
    expect(events).toMatchObject([
      { kind: 'outcome', outcome: { kind: 'reports-suppressed', count: 190 } },
      { kind: 'kill', kill: { complete: true } },
    ]);
  });

  it('the reaper’s lines and others that resemble a kill are none', () => {
    const { events } = reported(
      'oom_reaper: unable to reap pid:1 (app)',
      'TCP: out of memory -- consider tuning tcp_mem',
      'Huh VM_FAULT_OOM leaked out to the #PF handler. Retrying PF',
      'app: page allocation failure: order:0, mode:0x800(GFP_NOWAIT)',
      'OOM killer enabled.',
    );
    expect(events).toEqual([]);
  });

  it('sysrq-f is reported as asked for', () => {
    const asked = announce(1).replace('Memory cgroup out', 'Out');
    const old = reported(
      'SysRq : Manual OOM execution',
      invoke('kworker/0:0', 0),
      asked,
      oldKill(1),
    ).kills[0];
    expect(old).toMatchObject({ trigger: { manual: true, order: 0 }, scope: 'node' });
    const line = constraint(1).replace('oom_memcg=/a', 'global_oom');
    const { kills } = reported(
      'sysrq: Manual OOM execution',
      invoke('kworker/0:0', -1),
      line,
      globalKill(1),
    );
    expect(kills).toMatchObject([{ trigger: { manual: true, order: -1 }, scope: 'node' }]);
    expect(reported(invoke(), constraint(1), kill(1)).kills[0]?.trigger?.manual).toBe(false);
  });
});

describe('a forged line is counted and never believed', () => {
  it.each([
    kill(1),
    globalKill(1),
    oldKill(1),
    invoke(),
    constraint(1),
    announce(1),
    group(),
    'Task in /a killed as a result of limit of /a',
  ])('%s', (text) => {
    for (const priority of [8, 12, 14, 30, 2047]) {
      const { kills, events, machine } = reported({ text, priority });
      expect(kills).toEqual([]);
      expect(events).toMatchObject([{ kind: 'forged', text }]);
      expect(machine.stats.forged).toBe(1);
    }
  });

  it('within a real report it changes nothing', () => {
    const real = [invoke(), header, row(1), constraint(1), kill(1)];
    const forged = [invoke('x'), constraint(1, '/forged'), kill(2), group('/forged'), row(7)].map(
      user,
    );
    const { kills } = reported(...real.flatMap((text) => [...forged, text]));
    expect(kills).toHaveLength(1);
    const { seq: _, id: _id, monotonicUs: _us, ...without } = reported(...real).kills[0]!;
    expect(kills[0]).toMatchObject({ ...without });
  });
});

describe('what /proc said is used where the log is silent, and said to be from there', () => {
  it('gives a kill without a report its cgroup', () => {
    const witness = { cgroup: '/kubepods/podx/y', tgid: 1, mainProcess: true };
    expect(reported({ text: kill(1), witness }).kills).toMatchObject([
      {
        cgroup: { victim: '/kubepods/podx/y', from: 'proc' },
        pod: { uid: 'x', qos: 'guaranteed' },
        victim: { mainProcess: true },
        complete: false,
      },
    ]);
  });

  it('does not overrule the log', () => {
    const witness = { cgroup: '/other' };
    expect(reported(invoke(), constraint(1), { text: kill(1), witness }).kills).toMatchObject([
      { cgroup: { victim: '/a', from: 'log' } },
    ]);
  });

  it('a victim that has left its cgroup is not in the root', () => {
    expect(reported({ text: kill(1), witness: { cgroup: '/' } }).kills[0]).not.toHaveProperty(
      'cgroup',
    );
  });
});

it('a record says when and where it was read', () => {
  const machine = new OomMachine({ bootId: 'b' });
  machine.push({
    ...linesOf(kill(1))[0]!,
    wallTimeUs: Date.UTC(2026, 10, 23, 16) * 1000 + 123_456,
  });
  machine.flush();
  expect(machine.take()).toMatchObject([
    {
      kill: {
        schema: 'oomwatcher.kill/v1',
        id: 'b:1',
        bootId: 'b',
        seq: 1,
        monotonicUs: 1_000_000,
        time: '2026-11-23T16:00:00.123456Z',
      },
    },
  ]);
});

describe('order and loss', () => {
  const kill = (pid: number, name: string) =>
    `Memory cgroup out of memory: Killed process ${pid} (${name}) total-vm:1kB, anon-rss:1kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:4kB oom_score_adj:0`;
  const group = 'Tasks in /a are going to be killed due to memory.oom.group set';

  it('a forged line inside a group does not overtake the kills before it', () => {
    const lines = linesOf(kill(1, 'a'), group, { text: kill(9, 'x'), priority: 11 }, kill(2, 'b'));
    const machine = new OomMachine();
    const events = lines.flatMap((line) => {
      machine.push(line);
      return machine.take();
    });
    machine.flush();
    events.push(...machine.take());
    expect(events.map(({ kind, seq }) => [kind, seq])).toEqual([
      ['kill', 1n],
      ['forged', 3n],
      ['kill', 4n],
    ]);
  });

  it('the repeated line of a first victim is no second kill when the lines between were lost', () => {
    const machine = new OomMachine();
    const [first, again] = linesOf(kill(1, 'a'), kill(1, 'a'));
    machine.push(first!);
    machine.lost();
    machine.push(again!);
    machine.flush();
    expect(machine.take().map(({ kind }) => kind)).toEqual(['kill', 'repeat']);
  });
});

describe('a process that shared the memory', () => {
  it('does not make the held kill of another context disappear', () => {
    const machine = new OomMachine();
    const [kill, sharer] = linesOf(
      {
        text: 'Killed process 1 (a) total-vm:1kB, anon-rss:1kB, file-rss:0kB',
        caller: 'T1',
      },
      { text: 'Kill process 2 (b) sharing same memory', caller: 'T2' },
    );
    machine.push(kill!);
    machine.push(sharer!);
    machine.flush();
    expect(machine.take().map(({ seq }) => seq)).toEqual([1n, 2n]);
  });
});
