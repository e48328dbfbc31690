import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { threadCpuNs } from '../src/support/cpu-time.ts';

const work = new Uint8Array(64 * 1024);

it('work that is shorter than a tick of the kernel is not taken for none', () => {
  for (let turn = 0; turn < 50; turn++) {
    const before = threadCpuNs();
    // By its amount and not until a moment: a busy machine may take the core away until then.
    createHash('sha256').update(work).digest();
    expect(threadCpuNs()).toBeGreaterThan(before);
  }
});
