import { OomMachine } from '@oomwatcher/oom';
import { describe, expect, it } from 'vitest';
import { readCapture } from './support/capture.ts';
import { linesOf, rest, run, user } from './support/run.ts';

const kill =
  'Memory cgroup out of memory: Killed process 7 (app) total-vm:9kB, anon-rss:8kB, file-rss:7kB, shmem-rss:6kB, UID:0 pgtables:5kB oom_score_adj:0';
const oldKill = 'Killed process 7 (app) total-vm:9kB, anon-rss:8kB, file-rss:7kB';
const invoke = 'app invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0';
const head = 'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null)';
const A = '/kubepods/burstable/podx/app';

const whole = `${head},cpuset=app,mems_allowed=0,oom_memcg=${A},task_memcg=${A},task=app,pid=7,uid=0`;
const place = { victim: A, limit: A, from: 'log' };

function place0(...lines: Parameters<typeof linesOf>) {
  const { kills } = run(linesOf(...lines));
  expect(kills.map(({ victim }) => victim!.pid)).toEqual([7]);
  return kills[0]!;
}

describe('a line in several records', () => {
  it('is reported as the whole line is', () => {
    const pieces = [',cpuset=', 'app', ',mems_allowed=0', ',oom_memcg=', A, ',task_memcg=', A];
    const split = place0(invoke, head, ...pieces.map(rest), rest(',task=app,pid=7,uid=0'), kill);
    expect(split).toMatchObject({ cgroup: place, complete: true });
    const { cgroup, trigger, victim, scope } = place0(invoke, whole, kill);
    expect(split).toMatchObject({ cgroup, trigger, victim, scope });
  });

  it('is joined across what others print in between, as a real kernel cut it', () => {
    const lines = readCapture('6.18-memcg-v1-interleaved-userspace-flood');
    const pieces = lines.filter(
      ({ flag, text, priority }) => priority! < 8 && flag === 'c' && text.startsWith(','),
    );
    expect(pieces).toHaveLength(2);
    const joined = lines.flatMap((line) => {
      if (pieces.includes(line)) return [];
      const isHead = line.text.startsWith('oom-kill:');
      return [
        isHead ? { ...line, text: line.text + pieces.map(({ text }) => text).join('') } : line,
      ];
    });
    const start = linesOf({ ...lines[0]!, text: invoke, seq: lines[0]!.seq - 1n });
    const feed = (all: typeof joined) => {
      const machine = new OomMachine();
      for (const line of [...start, ...all]) machine.push(line);
      machine.flush();
      return machine.take();
    };
    expect(feed(lines as typeof joined)).toEqual(feed(joined));
    expect(feed(joined)).toMatchObject([
      { kind: 'kill', kill: { cgroup: { victim: '/kspecF', limit: '/kspecF' }, complete: true } },
    ]);
  });

  it('takes nothing from user space', () => {
    const forged = { ...user(',oom_memcg=/forged,task_memcg=/forged'), flag: 'c' };
    expect(
      place0(
        invoke,
        head,
        forged,
        rest(`,oom_memcg=${A},task_memcg=${A}`),
        rest(',task=app,pid=7,uid=0'),
        kill,
      ),
    ).toMatchObject({ cgroup: place });
  });

  it('takes nothing from another printing context', () => {
    const mine = { caller: 'T7' };
    const lines = [
      { text: invoke, ...mine },
      { text: `${head},oom_memcg=`, ...mine },
      { ...rest('/other'), caller: 'C1' },
      { ...rest(A), ...mine },
      { ...rest(`,task_memcg=${A}`), ...mine },
      { ...rest(',task=app,pid=7,uid=0'), ...mine },
      { text: kill, ...mine },
    ];
    expect(place0(...lines)).toMatchObject({ cgroup: place });
  });

  it.each([
    ['the limit’s path', [',oom_memcg=', ',task_memcg=', A, ',task=app,pid=7,uid=0']],
    ['the victim’s path', [',oom_memcg=', A, ',task_memcg=', ',task=app,pid=7,uid=0']],
    ['the words before a path', [',oom_memcg=', A, '/other', ',task=app,pid=7,uid=0']],
    ['the end', [',oom_memcg=', A, ',task_memcg=', A]],
    ['everything', []],
  ])('whose piece is lost (%s) is not reported with a wrong path', (_, pieces) => {
    const reported = place0(invoke, head, ...pieces.map(rest), kill);
    expect([undefined, A]).toContain(reported.cgroup?.victim);
    expect([undefined, A]).toContain(reported.cgroup?.limit);
    expect(reported.complete).toBe(false);
  });

  it('is joined byte for byte where two long paths outgrow a record', () => {
    const long = `/${['a', 'b', 'é'].map((name) => name.repeat(184)).join('/')}`;
    const kept = place0(
      invoke,
      `${head},cpuset=app,mems_allowed=0,oom_memcg=${long},task_memcg=`,
      rest(`${long},task=app,pid=7,uid=0`),
      kill,
    );
    expect(kept.cgroup?.limit).toBe(kept.cgroup?.victim);
    expect(kept.cgroup?.victim).toHaveLength(long.length + 3 * 184);
  });

  it.each([975, 991, 1023])(
    'a path that the kernel cut at %i bytes is not reported as another cgroup’s',
    (bytes) => {
      const cut = `/${'x'.repeat(bytes - 1)}`;
      const reported = place0(
        invoke,
        `${head},cpuset=app,mems_allowed=0,oom_memcg=`,
        ...[cut, ',task_memcg=', cut, ',task=app,pid=7,uid=0'].map(rest),
        kill,
      );
      expect(reported.cgroup).toBeUndefined();
      expect(reported.complete).toBe(false);
    },
  );

  it('is joined where 3.10 stores the parts of "Task in" apart', () => {
    const reported = place0(
      'app invoked oom-killer: gfp_mask=0xd0, order=0, oom_score_adj=0',
      { text: `Task in ${A} killed`, flag: 'c' },
      { text: ` as a result of limit of ${A}`, flag: '+' },
      'Memory cgroup out of memory: Kill process 7 (app) score 9 or sacrifice child',
      oldKill,
    );
    expect(reported).toMatchObject({ cgroup: place, complete: true });
  });

  it('is joined where an extended netconsole makes every piece a record of its own', () => {
    const reported = place0(
      ...['app invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), nodemask=', '(null)'],
      ',  order=0, oom_score_adj=0',
      ...['Task in ', A, ' killed as a result of limit of ', A],
      ...['Memory cgroup stats for ', A, ':', ' cache:0KB', ' rss:0KB'],
      'Memory cgroup out of memory: Kill process 7 (app) score 9 or sacrifice child',
      oldKill,
    );
    expect(reported).toMatchObject({ cgroup: place, complete: true, trigger: { order: 0 } });
  });

  it('may hold an empty piece', () => {
    const reported = place0(
      invoke,
      head,
      rest(''),
      rest(`,oom_memcg=${A},task_memcg=${A}`),
      rest(',task=app,pid=7,uid=0'),
      kill,
    );
    expect(reported).toMatchObject({ cgroup: place });
  });

  it('that looks whole goes on when a cgroup is called like its end', () => {
    const hostile = '/a,pid=1,uid=0';
    const reported = place0(
      invoke,
      `${head},cpuset=app,mems_allowed=0,oom_memcg=${hostile}`,
      rest(`,task_memcg=${hostile}`),
      rest(',task=app,pid=7,uid=0'),
      kill,
    );
    expect(reported.cgroup).toMatchObject({ victim: hostile, limit: hostile });
  });
});

describe('what is held for the rest of a line is bounded', () => {
  it('heads without an end do not pile up', () => {
    const machine = new OomMachine();
    for (const line of linesOf(...Array.from({ length: 100_000 }, () => head))) machine.push(line);
    expect(machine.waitMs).toBeUndefined();
    expect(machine.take()).toEqual([]);
  });

  it('a line does not grow without an end', () => {
    const endless = Array.from({ length: 40 }, () => rest(`,cpuset=${'x'.repeat(900)}`));
    const end = [`,oom_memcg=${A},task_memcg=${A}`, ',task=app,pid=7,uid=0'].map(rest);
    expect(place0(invoke, head, ...endless.slice(0, 4), ...end, kill).cgroup).toEqual(place);
    const reported = place0(invoke, head, ...endless, ...end, kill);
    expect(reported.cgroup).toBeUndefined();
  });

  it('a piece that comes too late belongs to something else', () => {
    const others = Array.from({ length: 100 }, () => 'usb 1-1: new device');
    const reported = place0(
      ...[invoke, `${head},oom_memcg=${A}`],
      ...others,
      ...[rest(`,task_memcg=${A}/late`), rest(',task=app,pid=7,uid=0'), kill],
    );
    expect(reported.cgroup?.victim).toBeUndefined();
  });

  it('what user space writes in between does not make a piece late', () => {
    const others = Array.from({ length: 1000 }, () => user('F'));
    const reported = place0(
      ...[invoke, `${head},oom_memcg=${A}`],
      ...others,
      ...[rest(`,task_memcg=${A}`), rest(',task=app,pid=7,uid=0'), kill],
    );
    expect(reported.cgroup?.victim).toBe(A);
  });
});
