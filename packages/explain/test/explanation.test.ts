import { expect, test } from 'vitest';
import { bareKill, plain, wholeKill } from '../../oom/test/support/kills.js';
import { explain } from '../src/explanation.js';

const explained = (kill: Parameters<typeof explain>[0]) => explain(kill, plain).split('\n');

test('everything that is known of a kill is said, section by section', () => {
  expect(explained(wholeKill)).toEqual([
    'OOM kill  2026-11-23T16:00:00.123456Z, 2187.068564 s after boot, on worker-3',
    '  Killed     nginx, process 4242 (its thread 4244 was named), user 33, oom_score_adj 984',
    '             16.0 MiB resident: 15.6 MiB anonymous (heap, stacks), 384 KiB file, 0 KiB shared',
    "  Limit      the pod's containers together reached the sum of their memory limits, 512 MiB",
    '             /pod',
    '             256.0 MiB used of 512.0 MiB (50 %)',
    '  Cgroup     /pod/app',
    '             pod abc, burstable',
    '             container c0ffee',
    '             pod def of a cluster that runs in it',
    '             read from /proc while the process was dying',
    '  Trigger    java (process 4300), 4 pages',
    '  Group      one of 3 processes killed together (memory.oom.group)',
    '             /pod/app',
    '  Processes  ████████████████████████  195.3 MiB  4300 java',
    '             ██                         16.0 MiB  4242 nginx',
    "  Next       Compare the pod's containers: together they reached the pod's limit (512.0 MiB at the time); the biggest need not be the one killed.",
    '             All processes of the group were killed with it: kubelet sets memory.oom.group for each container since 1.28, unless its singleProcessOOMKill is true.',
  ]);
});

test('a kill that only a counter reports claims nothing else', () => {
  const kill = { ...bareKill, cgroup: { victim: '/a', from: 'counter' as const } };
  expect(explained(kill)).toEqual([
    expect.stringMatching(/^OOM kill/),
    '  Killed     a process whose line was lost; a counter reports it',
    '  Limit      the log does not say',
    '  Cgroup     /a',
    expect.stringMatching(/^ {2}Next {7}The log has no report of this kill/),
  ]);
});

test('what is not known is left out, never shown as undefined or as zero', () => {
  const text = explain(
    {
      ...bareKill,
      victim: { pid: 5, name: 'x' },
      trigger: { manual: false },
      memory: {},
      pod: { uid: 'u' },
      cgroup: {},
      group: { id: 'b:7', size: 2 },
      tasks: [],
    },
    plain,
  );
  expect(text).not.toMatch(/undefined|NaN|null|Infinity|KiB|used of|user|thread|after boot/);
  expect(text).toContain('Trigger    an unknown process\n');
});

test('a kill line whose sizes are partly known adds up only those', () => {
  const victim = { pid: 5, name: 'x', anonRssKiB: 1024, fileRssKiB: 1024 };
  expect(explained({ ...bareKill, victim })).toContain(
    '             2.0 MiB resident: 1.0 MiB anonymous (heap, stacks), 1.0 MiB file',
  );
});

test('a limit of zero does not make a percentage of infinity', () => {
  const memory = { usageKiB: 4, limitKiB: 0 };
  expect(explained({ ...bareKill, memory })).toContain('             4 KiB used of 0 KiB');
});

test('a cgroup that hit its own limit is not named twice', () => {
  const cgroup = { victim: '/a', limit: '/a' };
  expect(explained({ ...bareKill, cgroup }).filter((line) => line.endsWith(' /a'))).toHaveLength(1);
});

test('somebody at sysrq-f is not turned into a process that ran out of memory', () => {
  const lines = explained({
    ...wholeKill,
    trigger: { manual: true, name: 'kworker/0:1', order: -1 },
  });
  expect(lines.find((line) => line.includes('Trigger '))).toContain('sysrq-f');
  expect(lines.join()).not.toContain('kworker');
});

test('a victim that asked for the memory itself is not made two processes', () => {
  const trigger = { manual: false, pid: 4242, name: 'nginx', order: 0 };
  expect(explained({ ...wholeKill, trigger })).toContain(
    '  Trigger    nginx (process 4242, the victim itself), 1 page',
  );
});

test('processes without resident memory do not divide by zero', () => {
  const tasks = [{ pid: 1, name: 'x', uid: 0, rssKiB: 0, swapKiB: 0, oomScoreAdj: 0 }];
  const lines = explained({ ...bareKill, tasks });
  expect(lines.find((line) => line.includes('Processes'))).toMatch(/█ +0 KiB {2}1 x$/);
});

test('files in tmpfs have a bar beside the processes where they are much of what ran out', () => {
  const tasks = [{ pid: 7, name: 'sh', uid: 0, rssKiB: 512, swapKiB: 0, oomScoreAdj: 0 }];
  const kill = { ...bareKill, scope: 'container' as const, tasks };
  const memory = { usageKiB: 32_768, limitKiB: 32_768 };
  const bars = (shmemKiB: number) => {
    const lines = explained({ ...kill, memory, memoryStat: { shmemKiB } });
    const from = lines.findIndex((line) => line.startsWith('  Processes'));
    return lines.slice(from, from + 2).map((line) => line.slice(13));
  };
  expect(bars(31_744)).toEqual([
    '████████████████████████   31.0 MiB    files in tmpfs or shared memory',
    '█                           512 KiB  7 sh',
  ]);
  expect(bars(1024)[0]).toMatch(/512 KiB {2}7 sh$/);
  const nodeMemory = { managedKiB: 90_000, shmemKiB: 80_000 };
  expect(explained({ ...kill, scope: 'node', nodeMemory }).join('\n')).toContain(
    '78.1 MiB    files in tmpfs',
  );
});
