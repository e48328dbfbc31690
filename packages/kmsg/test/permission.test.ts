import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  builtAddon,
  needs,
  restrictedLog,
  writableKernelLog,
} from '../../../test/support/needs.ts';
import { aloneOnTheLog, device, readRing, uniqueMarker, writeRecord } from './support/live.js';

const nobody = 65534;

aloneOnTheLog();

/** What a process without capabilities is answered when it opens the log. */
function refusalOf(opener: string): unknown {
  const script = `
    import * as kmsg from '@oomwatcher/kmsg';
    try {
      kmsg.${opener}({ keep: { rules: [], fragments: false } }).close();
      console.log('null');
    } catch ({ name, code, errno, syscall, path, notAllowed, message }) {
      console.log(JSON.stringify({ name, code, errno, syscall, path, notAllowed, message }));
    }
  `;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: import.meta.dirname,
    uid: nobody,
    gid: nobody,
  });
  return JSON.parse(output.toString());
}

const refusal = {
  name: 'KmsgError',
  code: 'EPERM',
  errno: -1,
  syscall: 'open',
  path: device,
  notAllowed: true,
  message: expect.stringContaining('CAP_SYSLOG'),
};

needs(restrictedLog).describe('a process without CAP_SYSLOG', () => {
  it('learns from portable which capability it lacks', () => {
    expect(refusalOf('openPortable')).toEqual(refusal);
  });
});

needs(restrictedLog, builtAddon).describe('a process without CAP_SYSLOG, with the addon', () => {
  it('learns from native which capability it lacks', () => {
    expect(refusalOf('openNative')).toEqual(refusal);
  });
});

needs(writableKernelLog).describe('why every read has 8192 bytes', () => {
  it('a read with too little room loses its record', () => {
    const marker = uniqueMarker();
    const before = readRing().length;
    const fd = openSync(device, constants.O_RDONLY | constants.O_NONBLOCK);
    const read = (size: number) => readSync(fd, Buffer.alloc(size));
    for (let i = 0; i < before; i++) read(8192);
    writeRecord(`${marker} lost`);
    writeRecord(`${marker} next`);
    try {
      expect(() => read(5)).toThrow(expect.objectContaining({ code: 'EINVAL' }));
      const buffer = Buffer.alloc(8192);
      expect(buffer.toString('latin1', 0, readSync(fd, buffer))).toContain(`${marker} next`);
    } finally {
      closeSync(fd);
    }
  });
});
