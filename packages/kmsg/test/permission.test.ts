import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  builtAddon,
  needs,
  restrictedLog,
  writableKernelLog,
} from '../../../test/support/needs.ts';
import { aloneOnTheLog, device, uniqueMarker, writeRecord } from './support/live.js';

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
    const fd = openSync(device, constants.O_RDONLY | constants.O_NONBLOCK);
    const buffer = Buffer.alloc(8192);
    const read = () => buffer.toString('latin1', 0, readSync(fd, buffer));
    /** The next record that holds the marker; undefined: there is none. */
    const next = (marker: string) => {
      for (;;) {
        try {
          const record = read();
          if (record.includes(marker)) return record;
        } catch (error) {
          const { code } = error as NodeJS.ErrnoException;
          if (code === 'EAGAIN') return undefined;
          if (code !== 'EPIPE') throw error;
        }
      }
    };
    try {
      let record: string | undefined;
      // A record of somebody else may come before the one that is to be lost, and be it.
      for (let attempt = 0; attempt < 100 && !record?.includes(' next'); attempt++) {
        const marker = uniqueMarker();
        next(marker);
        writeRecord(`${marker} lost`);
        writeRecord(`${marker} next`);
        expect(() => readSync(fd, Buffer.alloc(5))).toThrow(
          expect.objectContaining({ code: 'EINVAL' }),
        );
        record = next(marker);
      }
      expect(record).toContain(' next');
    } finally {
      closeSync(fd);
    }
  });
});
