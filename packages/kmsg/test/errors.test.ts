import { describe, expect, it } from 'vitest';
import {
  type AccessFacts,
  notCapture,
  notKmsg,
  openingError,
  readAccessFacts,
} from '../src/errors.js';

const open: AccessFacts = { dmesgRestrict: false, devkmsgOff: false, syslogCapability: false };

function refusal(code: string, facts: Partial<AccessFacts> = {}) {
  const cause = Object.assign(new Error(code), { code, errno: -1, syscall: 'open' });
  return openingError(cause, '/dev/kmsg', () => ({ ...open, ...facts }));
}

describe('one errno with several causes gives the remedy of its own cause', () => {
  it.each([
    ['EPERM', { dmesgRestrict: true }, 'CAP_SYSLOG'],
    ['EACCES', { dmesgRestrict: true }, 'CAP_SYSLOG'],
    ['EPERM', { devkmsgOff: true, dmesgRestrict: true }, 'printk.devkmsg=off'],
    ['EPERM', { dmesgRestrict: true, syslogCapability: true }, 'device cgroup'],
    ['EPERM', {}, 'device cgroup'],
    ['EACCES', {}, 'file mode'],
    ['ENOENT', {}, 'hostPath'],
  ])('%s with %j', (code, facts, remedy) => {
    const error = refusal(code, facts);
    expect(error).toMatchObject({ name: 'KmsgError', code, errno: -1, syscall: 'open' });
    expect(error.notAllowed).toBe(true);
    expect(error.remedy).toContain(remedy);
    expect(error.message.endsWith(error.remedy)).toBe(true);
    expect(error.message).toMatch(/^\/dev\/kmsg [^\n]*$/);
  });

  it('an impostor is distinguished from a refusal', () => {
    const error = openingError(notKmsg('/dev/kmsg'), '/dev/kmsg', () => open);
    expect(error).toMatchObject({ code: 'ERR_NOT_KMSG', syscall: 'fstat', notAllowed: true });
    expect(error.errno).toBeUndefined();
    expect(error.remedy).toContain('/dev/console');
  });

  it('too many open files is a failure, not a refusal', () => {
    expect(refusal('EIO')).toMatchObject({ code: 'EIO', notAllowed: false });
    for (const code of ['EMFILE', 'ENFILE', 'ENOMEM']) {
      expect(refusal(code)).toMatchObject({ code, notAllowed: false });
      expect(refusal(code).message, 'what has nothing to do with it').not.toMatch(/dmesg|capab/i);
    }
    expect(refusal('EMFILE').message).toMatch(/as many files open as it may.*LimitNOFILE/);
  });

  it('the cause is kept', () => {
    expect((refusal('EPERM').cause as Error).message).toBe('EPERM');
  });

  it('the facts of this machine can be read', () => {
    expect(readAccessFacts()).toEqual({
      dmesgRestrict: expect.any(Boolean),
      devkmsgOff: expect.any(Boolean),
      syslogCapability: expect.any(Boolean),
    });
  });
});

it('who gives another log for a capture hears who reads it, and of which file it is', () => {
  expect(notCapture('/tmp/dmesg.txt')).toMatchObject({
    code: 'ERR_NO_CAPTURE',
    path: '/tmp/dmesg.txt',
    remedy: expect.stringContaining('parse()'),
  });
  expect(notCapture(undefined).message).toMatch(/^the capture holds no record/);
});
