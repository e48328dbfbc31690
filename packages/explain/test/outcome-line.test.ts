import type { Outcome } from '@oomwatcher/oom';
import { expect, test } from 'vitest';
import { plain } from '../../oom/test/support/kills.js';
import { outcomeLine, repeatedOutcomeLine, saysSame } from '../src/outcome-line.js';

type Some = Partial<Outcome> & Pick<Outcome, 'kind'>;

const whole = (outcome: Some): Outcome => ({
  schema: 'oomwatcher.outcome/v1',
  id: 'b:1',
  seq: 1,
  ...outcome,
});
const line = (outcome: Some) => outcomeLine(whole(outcome), plain);

test('nobody killed is not reported as a kill', () => {
  expect(
    line({ kind: 'no-killable-process', cgroup: '/a', time: '2026-11-23T16:00:00.123456Z' }),
  ).toBe(
    '2026-11-23T16:00:00.123456Z  out of memory, and no process that may be killed: nobody was  in /a',
  );
});

test('a panic is reported with its reason', () => {
  expect(
    line({ kind: 'panic', message: 'Out of memory: compulsory panic_on_oom is enabled' }),
  ).toBe(
    'the kernel panicked instead of killing: Out of memory: compulsory panic_on_oom is enabled',
  );
  expect(line({ kind: 'panic' })).toBe('the kernel panicked instead of killing: out of memory');
});

test('a process that was exiting already is named and not reported as killed', () => {
  expect(line({ kind: 'already-exiting', process: { pid: 7, name: 'sh' } })).toBe(
    'sh (pid 7) was chosen but was exiting already: not killed',
  );
});

test('withheld reports are counted', () => {
  expect(line({ kind: 'reports-suppressed', count: 190 })).toContain('withheld 190 reports');
});

test('a user-space killer is not taken for the kernel', () => {
  expect(
    line({ kind: 'userspace', killer: 'systemd-oomd', message: 'Killed /a', cgroup: '/a' }),
  ).toBe('systemd-oomd, not the kernel: Killed /a  in /a');
});

test.each([
  'no-killable-process',
  'panic',
  'already-exiting',
  'reports-suppressed',
  'userspace',
] as const)('what is not known of %s is not shown as undefined', (kind) => {
  expect(line({ kind })).not.toMatch(/undefined|NaN|null/);
});

test('the time of a log without dates is not left out', () => {
  expect(line({ kind: 'panic', monotonicUs: 12_345_678 })).toMatch(/^\[12\.345678\] {2}the kernel/);
});

test('what is said again is counted, and when it was last said', () => {
  const last = whole({ kind: 'panic', time: '2026-11-23T16:00:00.123456Z' });
  expect(repeatedOutcomeLine(3, last, plain)).toBe(
    'the same 3 times more, the last at 2026-11-23T16:00:00.123456Z',
  );
  expect(repeatedOutcomeLine(1, whole({ kind: 'panic' }), plain)).toBe('the same 1 time more');
});

test('the same of another cgroup, or of another process, is not the same again', () => {
  const first = whole({ kind: 'already-exiting', process: { pid: 7, name: 'sh' }, cgroup: '/a' });
  expect(saysSame(first, { ...first, id: 'b:2', seq: 2, monotonicUs: 5 })).toBe(true);
  expect(saysSame(first, { ...first, cgroup: '/b' })).toBe(false);
  expect(saysSame(first, { ...first, process: { pid: 8, name: 'sh' } })).toBe(false);
});
