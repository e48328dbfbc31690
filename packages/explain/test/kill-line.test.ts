import type { Kill } from '@oomwatcher/oom';
import { expect, test } from 'vitest';
import { killLine } from '../src/kill-line.js';

const plain = (_format: unknown, text: string) => text;

const kill: Kill = {
  schema: 'oomwatcher.kill/v1',
  id: 'b:7',
  monotonicUs: 2187068564,
  scope: 'pod',
  constraint: 'memcg',
  victim: { pid: 4242, name: 'nginx', anonRssKiB: 16000, fileRssKiB: 384, shmemRssKiB: 0 },
  cgroup: { victim: '/pod/app', limit: '/pod', from: 'log' },
  memory: { usageKiB: 262144, limitKiB: 262144 },
  complete: true,
};

test('a line names process, pid, cgroup, usage, limit and whose limit it was', () => {
  expect(killLine(kill, plain)).toBe(
    '[2187.068564]  OOM kill  nginx (pid 4242)  in /pod/app  used 256.0 MiB of 256.0 MiB of /pod  resident 16.0 MiB',
  );
});

test('a kill whose report the kernel suppressed does not pretend to know its usage or cgroup', () => {
  const { scope, cgroup, memory, ...rest } = kill;
  expect(killLine({ ...rest, complete: false }, plain)).toBe(
    '[2187.068564]  OOM kill  nginx (pid 4242)  in an unknown cgroup  usage not in the log  resident 16.0 MiB',
  );
});

test('a pod and its container are told by the names that are known', () => {
  const pod = { uid: 'u', namespace: 'shop', name: 'web' };
  expect(killLine({ ...kill, pod: { ...pod, container: 'app' } }, plain)).toContain(
    '  in pod shop/web, container app, /pod/app  ',
  );
  expect(killLine({ ...kill, pod }, plain)).toContain('  in pod shop/web, /pod/app  ');
  expect(killLine({ ...kill, pod: { uid: 'u' } }, plain)).toContain('  in /pod/app  ');
});

test('hostile names and paths are escaped', () => {
  const line = killLine(
    { ...kill, victim: { pid: 1, name: '\u001b]0;x\u0007' }, cgroup: { victim: '/\u202e' } },
    plain,
  );
  expect(line).toContain('\\x1b]0;x\\x07 (pid 1)');
  expect(line).toContain('in /\\u{202e}');
});

test('a kill of a log of several machines says which, whatever the machine is called', () => {
  const line = killLine({ ...kill, host: 'worker-3\u001b[2J' }, plain);
  expect(line).toContain('in /pod/app on worker-3');
  expect(line).not.toContain('\u001b');
});
