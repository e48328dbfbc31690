import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['*.test.ts', 'kernels/*.test.ts', 'kubernetes/*.test.ts'],
    // One log for the whole machine: every test sees what the others write to it.
    fileParallelism: false,
    // Ends what hangs: it measures nothing, and a slow or busy machine is no failure.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 300_000 } },
    reporters: ['default', 'json'],
    outputFile: { json: 'test-results/vitest.json' },
  },
});
