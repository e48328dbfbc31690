import { describe, expect, it } from 'vitest';
import { linesOf, run } from './support/run.ts';

const said = (source: string, text: string) =>
  run(linesOf({ source, text, priority: 30 })).events.map((event) =>
    event.kind === 'outcome' ? event.outcome : event,
  );

describe('a user-space killer is reported as what it is, never as the kernel', () => {
  it.each([
    [
      'systemd-oomd',
      'Killed /user.slice/user-1000.slice/app.scope due to memory pressure for /user.slice being 57.61% > 50.00% for > 20s with reclaim activity',
      { cgroup: '/user.slice/user-1000.slice/app.scope' },
    ],
    [
      'systemd-oomd',
      'Killed /a b/c.service due to memory used (15.1G) / total (15.5G) and swap used (7.9G) / total (8.0G) being more than 90.00%',
      { cgroup: '/a b/c.service' },
    ],
    [
      'earlyoom',
      'sending SIGTERM to process 4711 uid 1000 "Web Content": badness 932, VmRSS 1219 MiB',
      { process: { pid: 4711, name: 'Web Content' } },
    ],
    [
      'earlyoom',
      'mem avail: 1 MiB; sending SIGKILL to process 12 uid 0 "a": "b": oom_score 667, VmRSS 3 MiB',
      { process: { pid: 12, name: 'a": "b' } },
    ],
    [
      'lowmemorykiller',
      "Kill 'com.example' (1234), uid 10123, oom_score_adj 905 to free 123456kB rss, 0kB swap; reason: low watermark is breached",
      { process: { pid: 1234, name: 'com.example' } },
    ],
    [
      'systemd-oomd',
      'Marked /user.slice/a.scope for killing due to memory pressure for /user.slice being 36.66% > 20.00% for > 5s with reclaim activity',
      { cgroup: '/user.slice/a.scope' },
    ],
    [
      'systemd-oomd',
      'Marked /a/b.service for killing due to memory used (26) / total (33) and swap used (8) / total (8) being more than 90.00%',
      { cgroup: '/a/b.service' },
    ],
    [
      'earlyoom',
      'sending SIGTERM to process 9 uid 1000 "node": oom_score 1170, VmRSS 43912 MiB, cmdline "node worker.js {"queue":"mail","n":4}"',
      { process: { pid: 9, name: 'node' } },
    ],
    [
      'earlyoom',
      'sending SIGTERM to process 9 "chrome": badness 300, VmRSS 1234 MiB',
      { process: { pid: 9, name: 'chrome' } },
    ],
    [
      'earlyoom',
      "Killing process 'node' with signal 15, pid: 9, badness: 300, VmRSS: 123 MiB",
      { process: { pid: 9, name: 'node' } },
    ],
    ['nohang', '  Sending SIGTERM to the victim', {}],
    [
      'lowmemorykiller',
      "Killing 'com.android.documentsui' (4563), uid 10010, adj 906",
      { process: { pid: 4563, name: 'com.android.documentsui' } },
    ],
    [
      'lmkd',
      "Kill 'com.example' (1234), uid 10123, oom_score_adj 905 to free 123456kB rss, 0kB swap",
      { process: { pid: 1234, name: 'com.example' } },
    ],
  ])('%s: %s', (source, text, found) => {
    expect(said(source, text)).toMatchObject([
      {
        schema: 'oomwatcher.outcome/v1',
        kind: 'userspace',
        killer: source,
        message: text,
        ...found,
      },
    ]);
  });
});

it.each([
  [
    'lowmemorykiller',
    "lowmemorykiller: Killing 'd.play.games.ui' (2613), adj 1000,",
    { process: { pid: 2613, name: 'd.play.games.ui' } },
  ],
  [
    'lowmemorykiller',
    "lowmemorykiller: Killing 'app' (2613) (tgid 2613), adj 0,\n   to free 9kB",
    { process: { pid: 2613, name: 'app' } },
  ],
  [
    'lowmemorykiller',
    'send sigkill to 9 (a) b), adj 0, size 1',
    { process: { pid: 9, name: 'a) b' } },
  ],
  [
    'talos',
    '[talos] Sending SIGKILL to cgroup {"component": "controller-runtime", "controller": "runtime.OOMController", "cgroup": "/sys/fs/cgroup/kubepods/burstable/podx"}',
    { cgroup: '/kubepods/burstable/podx' },
  ],
])('%s is another killer also where its line passes for the kernel’s', (killer, text, found) => {
  const { events, kills } = run(linesOf(text));
  expect(kills).toEqual([]);
  expect(events).toMatchObject([
    { kind: 'outcome', outcome: { kind: 'userspace', killer, ...found } },
  ]);
});

it("another program's words are not a killer's", () => {
  expect(said('app', 'Killed /x due to memory pressure for /y')).toEqual([]);
  expect(said('constructor', 'Killed /x due to memory pressure for /y')).toEqual([]);
});

it("a program that logs the kernel's words forges them", () => {
  const text =
    'Out of memory: Killed process 1 (init) total-vm:1kB, anon-rss:1kB, file-rss:0kB, shmem-rss:0kB';
  expect(said('app', text)).toMatchObject([{ kind: 'forged' }]);
});
