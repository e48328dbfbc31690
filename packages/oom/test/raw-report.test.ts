import { type OomEvent, type OomLine, OomMachine, type RawReport } from '@oomwatcher/oom';
import { describe, expect, it } from 'vitest';
import { readCapture } from './support/capture.ts';
import { linesOf, run, user } from './support/run.ts';

const invoke = 'app invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0';
const header = '[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name';
const row = (pid: number) =>
  `[${String(pid).padStart(7)}]     0 ${String(pid).padStart(5)}        9        5    57344        0             0 app`;
const constraint = (pid: number) =>
  `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/a,task_memcg=/a,task=app,pid=${pid},uid=0`;
const kill = (pid: number, comm = 'app') =>
  `Memory cgroup out of memory: Killed process ${pid} (${comm}) total-vm:9kB, anon-rss:8kB, file-rss:7kB, shmem-rss:6kB, UID:0 pgtables:5kB oom_score_adj:0`;

function reports(lines: readonly OomLine[]): RawReport[] {
  const machine = new OomMachine({ keepsReports: true });
  for (const line of lines) machine.push(line);
  machine.flush();
  return machine.take().flatMap((event) => (event.kind === 'kill' ? [event.report!] : []));
}

const texts = ({ lines }: RawReport) => lines.map((line) => line.replace(/^\[.*?\] /, ''));

describe('the lines that a kill was read from', () => {
  it('are its report’s and its own, and nobody else’s', () => {
    const alien = { caller: 'T9' };
    const own = { caller: 'T1' };
    const [first, second] = reports(
      linesOf(
        { text: 'eth0: link up', ...own },
        { text: invoke, ...own },
        { text: 'CPU: 1 PID: 7 Comm: app', ...own },
        { text: 'Hardware name: QEMU', ...own },
        { text: 'eth0: link down', ...alien },
        { ...user('oom-kill:constraint=CONSTRAINT_NONE'), ...own },
        { text: constraint(7), ...own },
        { text: kill(7), ...own },
        { text: 'oom_reaper: reaped process 7', ...own },
        { text: kill(8), ...own },
      ),
    );
    const cpu = 'CPU: 1 PID: 7 Comm: app';
    expect(texts(first!)).toEqual([invoke, cpu, 'Hardware name: QEMU', constraint(7), kill(7)]);
    expect(texts(second!)).toEqual([kill(8)]);
    expect(first?.lines[0]).toBe(`[    1.000010] ${invoke}`);
    expect(first).not.toHaveProperty('leftOut');
  });

  it('are one line each where the kernel prints a cgroup’s statistics as one record', () => {
    const named = 'a 1\nb invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0';
    const [report] = reports(linesOf(named, 'anon 1\nfile 2\nker', constraint(7), kill(7)));
    expect(texts(report!)).toEqual([named, 'anon 1', 'file 2', 'ker', constraint(7), kill(7)]);
    expect(report?.lines[2]).toBe('[    1.000010] file 2');
  });

  it('of a long report are the first and the last, and it is said how many are left out', () => {
    const rows = Array.from({ length: 5000 }, (_, i) => row(i + 1));
    const [report] = reports(linesOf(invoke, header, ...rows, constraint(7), kill(7)));
    const { lines, leftOut } = report!;
    expect(lines.length).toBe(160 + 24 + 1);
    expect(leftOut).toEqual({ count: 5003 - 160 - 24, after: 160 });
    expect(texts(report!).slice(-3)).toEqual([row(5000), constraint(7), kill(7)]);
    expect(texts(report!)[159]).toBe(row(158));
  });

  it('are bounded by their bytes as well', () => {
    const long = Array.from({ length: 500 }, () => 'x'.repeat(50_000));
    const [report] = reports(linesOf(invoke, ...long, constraint(7), kill(7)));
    expect(report!.lines.join('').length).toBeLessThan(24_576);
    expect(report!.leftOut?.count).toBeGreaterThan(480);
    expect(texts(report!).at(-1)).toBe(kill(7));
  });

  it('of a group’s members are the report for the first, and the own line for the others', () => {
    const announced = 'Tasks in /a are going to be killed due to memory.oom.group set';
    const all = reports(linesOf(invoke, constraint(7), kill(7), announced, kill(8), kill(9)));
    expect(all.map(texts)).toEqual([[invoke, constraint(7), kill(7)], [kill(8)], [kill(9)]]);
  });

  it('have a name’s bytes, and of a log without times no time', () => {
    const [report] = reports(
      linesOf({ text: kill(7, '\xe2\x82\xac\xff'), timestampUs: undefined as never }),
    );
    expect(report?.lines).toEqual([kill(7, '€\\xff')]);
  });
});

it('the raw reports of a real storm report the kills that they were printed for', () => {
  const lines = readCapture('6.1.0-56--f-storm');
  const { kills } = run(lines);
  const reported = reports(lines);
  expect(reported).toHaveLength(kills.length);
  for (const [i, { lines: raw }] of reported.entries()) {
    const again = run(linesOf(...raw.map((line) => line.replace(/^\[.*?\] /, '')))).kills;
    expect(again.map(({ victim }) => victim)).toEqual([kills[i]?.victim]);
    expect(again[0]?.cgroup).toEqual(kills[i]?.cgroup);
  }
});

it('without being asked for there are none, and nothing else is different', () => {
  const lines = readCapture('6.1.0-56--c-group');
  const asked: OomEvent[] = [];
  const machine = new OomMachine({ keepsReports: true });
  for (const line of lines) machine.push(line);
  machine.flush();
  asked.push(...machine.take());
  const { events } = run(lines);
  expect(asked.map(({ report: _, ...event }: OomEvent & { report?: unknown }) => event)).toEqual(
    events,
  );
});
