import { defineConfig } from 'vitest/config';

/** What all workspaces share; each runs it in its own folder. The JSON results feed scripts/test-summary.mjs. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Ends what hangs: it measures nothing, and a slow or busy machine is no failure.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 300_000 } },
    reporters: ['default', 'json'],
    outputFile: { json: 'test-results/vitest.json' },
  },
});
