import { expect, it } from 'vitest';
import { threadCpuNs } from '../src/support/cpu-time.ts';

it('work that is shorter than a tick of the kernel is not taken for none', () => {
  for (let turn = 0; turn < 50; turn++) {
    const before = threadCpuNs();
    const end = performance.now() + 0.5;
    while (performance.now() < end);
    expect(threadCpuNs()).toBeGreaterThan(before);
  }
});
