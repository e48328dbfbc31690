import { expect, it } from 'vitest';
import { usedBytes } from '../../../test/support/used-memory.ts';
import { CapturedLog } from '../src/index.js';
import { forms } from './support/forms.js';
import { captures, kernelLines } from './support/understood.js';

const mebibyte = 1024 * 1024;
const name = captures.find((capture) => /--a-single\.kmsg$/.test(capture)) as string;
const lines = kernelLines(name);

// A mail and frames of syslog kept such a line whole, and copied it at each read.
it.each(forms)('a line without an end is not kept in $name', async ({ print }) => {
  const log = new CapturedLog('capture');
  const printed = print(lines, 'node1');
  log.push(typeof printed === 'string' ? Buffer.from(printed, 'latin1') : printed);
  const endless = Buffer.alloc(64 * 1024, 'xyz ');
  const before = usedBytes();
  for (let pushed = 0; pushed < 8 * mebibyte; pushed += endless.length) log.push(endless);
  // The memory of buffers is given back beside the collection, a moment later.
  await expect.poll(() => usedBytes() - before).toBeLessThan(2 * mebibyte);
  log.end();
});
