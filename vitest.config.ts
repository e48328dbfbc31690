import { defineConfig } from 'vitest/config';

/** What all workspaces share; each runs it in its own folder. The JSON results feed scripts/test-summary.mjs. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', 'json'],
    outputFile: { json: 'test-results/vitest.json' },
  },
});
