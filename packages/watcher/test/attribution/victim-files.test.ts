import { expect, test } from 'vitest';
import { readVictim, victimFileOrder } from '../../src/attribution/victim-files.js';

const order = victimFileOrder(1, '6.12.0').files;

const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));

const status = (over: Partial<Record<'State' | 'ShdPnd' | 'NSpid' | 'Tgid', string>> = {}) => {
  const fields = {
    State: 'R (running)',
    Tgid: '4242',
    ShdPnd: '0000000000000100',
    NSpid: '4242\t1',
    ...over,
  };
  return bytes(
    `Name:\thog\nState:\t${fields.State}\nTgid:\t${fields.Tgid}\nNSpid:\t${fields.NSpid}\nSigPnd:\t0000000000000000\nShdPnd:\t${fields.ShdPnd}\n`,
  );
};

const v1 = bytes(
  '11:pids:/elsewhere\n4:memory:/kubepods/burstable/pod1/abc\n1:name=systemd:/elsewhere\n0::/\n',
);

test('a dying process is placed in its memory cgroup, not in that of another controller', () => {
  expect(readVictim(order, [v1, status()])).toEqual({
    cgroup: '/kubepods/burstable/pod1/abc',
    tgid: 4242,
    mainProcess: true,
  });
});

test('on the unified hierarchy the path comes from the line without controllers', () => {
  expect(readVictim(order, [bytes('0::/system.slice/app.service\n'), status()])?.cgroup).toBe(
    '/system.slice/app.service',
  );
});

test('a pid that is another process by now (no SIGKILL pending) says nothing about the victim', () => {
  expect(readVictim(order, [v1, status({ ShdPnd: '0000000000000000' })])).toBeUndefined();
});

test('a long-lived zombie that took over an old pid is not taken for the victim', () => {
  expect(
    readVictim(order, [v1, status({ State: 'Z (zombie)', ShdPnd: '0000000000004000' })]),
  ).toBeUndefined();
});

test('a process whose files were gone is unknown, not an error', () => {
  expect(readVictim(order, [])).toBeUndefined();
  expect(readVictim(order, [v1, { errno: -2 }])).toBeUndefined();
});

test('the root cgroup, which a process may be moved to on its way out, is not an attribution', () => {
  expect(readVictim(order, [bytes('4:memory:/\n'), status()])?.cgroup).toBeUndefined();
});

test('a path relative to a foreign cgroup namespace is not mistaken for one from the root', () => {
  expect(readVictim(order, [bytes('0::/../../kubepods/pod1\n'), status()])?.cgroup).toBeUndefined();
});

test("the kernel's mark on a removed cgroup does not become part of its name", () => {
  const removed = bytes('0::/a/b (deleted)\n');
  expect(readVictim(order, [removed, status({ State: 'Z (zombie)' })])?.cgroup).toBe('/a/b');
});

test('a process that may have become a zombie since its status was read, or lives in a cgroup of such a name, is not placed', () => {
  const removed = bytes('0::/a/b (deleted)\n');
  expect(readVictim(order, [removed, status()])).toEqual({ tgid: 4242, mainProcess: true });
});

test('on v2 the status is read before the cgroup file, which may have to wait while the process dies', () => {
  const { files, slowFiles } = victimFileOrder(2, '6.12.0-2-amd64');
  expect(files).toEqual(['status', 'cgroup']);
  expect(slowFiles).toEqual([]);
  expect(readVictim(files, [status(), bytes('0::/a/b\n')])?.cgroup).toBe('/a/b');
});

test.each([
  ['5.15.0-113-generic', false],
  ['6.0.0', true],
  ['6.1.0-31-amd64', true],
  ['6.7.12', true],
  ['6.8.0-45-generic', false],
  ['7.0.0', false],
])('only where moving a process locks for long is its lock waited for aside: %s', (release, is) => {
  expect(victimFileOrder(2, release).slowFiles).toEqual(is ? ['cgroup', 'status'] : []);
  expect(victimFileOrder(1, release).slowFiles).toEqual([]);
});

test('a cgroup that was removed while its file was waited for is found all the same', () => {
  const names = ['status', 'cgroup', 'status'] as const;
  const removed = bytes('0::/a/b (deleted)\n');
  const placeOf = (last: Uint8Array | { errno: number }) =>
    readVictim(names, [status(), removed, last])?.cgroup;
  expect(placeOf({ errno: -3 })).toBe('/a/b');
  expect(placeOf(status({ State: 'Z (zombie)' }))).toBe('/a/b');
  expect(placeOf(status())).toBeUndefined();
});

test('a cgroup name with colons and commas stays whole', () => {
  expect(readVictim(order, [bytes('4:cpu,memory:/a:b,c:memory:/d\n'), status()])?.cgroup).toBe(
    '/a:b,c:memory:/d',
  );
});

test('without a pid namespace of its own nothing is said of the main process', () => {
  expect(readVictim(order, [v1, status({ NSpid: '4242' })])).not.toHaveProperty('mainProcess');
  expect(readVictim(order, [v1, status({ NSpid: '4242\t17' })])?.mainProcess).toBe(false);
});

test('junk in place of the files never throws', () => {
  expect(readVictim(order, [bytes('\xff\0'), bytes('ShdPnd:\t')])).toBeUndefined();
  expect(readVictim(order, [bytes(''), status()])).toEqual({ tgid: 4242, mainProcess: true });
});
