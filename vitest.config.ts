import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { PatientWorker } from './test/support/patient-worker.ts';
import { streamOf } from './test/support/streams.ts';

/** Packages are tested from their sources: a test that ran over dist/ passed on code that was not the edited one. */
const conditions = ['@oomwatcher/source'];

/** One of those that `npm test` runs side by side; else all tests. */
const stream = process.env.OOMWATCHER_TEST_STREAM || undefined;

interface Options {
  include?: string[];
  isolate?: boolean;
  fileParallelism?: boolean;
  sequence?: { groupOrder: number };
}

function project(root: string, name: string, { include, ...test }: Options = {}) {
  const patterns = include ?? ['test/**/*.test.ts'];
  return {
    extends: true as const,
    root,
    resolve: { conditions: [...conditions, 'module', 'node', 'development|production'] },
    ssr: { resolve: { conditions: [...conditions, 'module', 'node', 'development|production'] } },
    test: { name, include: stream === undefined ? patterns : ofStream(root, patterns), ...test },
  };
}

function ofStream(root: string, patterns: string[]): string[] {
  const cwd = join(import.meta.dirname, root);
  return globSync(patterns, { cwd }).filter((file) => streamOf(join(cwd, file)) === stream);
}

const packages = [
  'agent',
  'dashboard',
  'explain',
  'journal',
  'kmsg',
  'kubernetes',
  'logs',
  'oom',
  'watcher',
];

/** What `npm test` has no time for: .ci/long. */
const long = process.env.OOMWATCHER_LONG === '1';

/** Of cgroups: a container's processes can be killed together there. */
const hasV2 = existsSync('/sys/fs/cgroup/cgroup.controllers');

/** One kernel log for the whole machine: what is beside those on the log does not write to it. */
const oneByOne: Options = stream === 'beside' ? {} : { fileParallelism: false };

/** No file of these changes what another one sees: they share a process, and what it has loaded. */
const pure = ['dashboard', 'explain', 'oom'];

/** `npx vitest FILE` runs any test; `--project NAME` those of one workspace. */
export default defineConfig({
  test: {
    // What is said to people is English, whatever the developer speaks.
    env: { LC_ALL: 'C.UTF-8' },
    // Ends what hangs: it measures nothing, and a slow or busy machine is no failure.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 300_000 } },
    pool: {
      name: 'patient-forks',
      createPoolWorker: (options) => new PatientWorker(options),
    },
    reporters: ['default', 'json'],
    outputFile: { json: 'test-results/vitest.json' },
    projects: [
      project('native', 'native'),
      ...packages.map((name) =>
        project(`packages/${name}`, name, pure.includes(name) ? { isolate: false } : {}),
      ),
      project('benchmarks', 'benchmarks'),
      project('examples', 'examples', oneByOne),
      project('test/house', 'house', { include: ['*.test.ts'] }),
      project('test/kubernetes', 'api-server', { include: ['*.test.ts'] }),
      project('test/kernels', 'kernels', { include: ['*.test.ts'] }),
      project('test/node', 'node', {
        include: long ? ['*.long.ts'] : ['*.test.ts', ...(hasV2 ? ['*.v2.ts'] : [])],
        ...oneByOne,
      }),
      // One kernel log for the whole machine: every test sees what the others write to it.
      project('test', 'test', {
        include: ['*.test.ts', ...(long ? ['*.long.ts'] : []), ...(hasV2 ? ['*.v2.ts'] : [])],
        ...oneByOne,
        ...(stream !== 'beside' && { sequence: { groupOrder: 1 } }),
      }),
      // Each makes and removes the addon that is published.
      project('test/published', 'published', {
        include: ['*.test.ts'],
        fileParallelism: false,
        sequence: { groupOrder: 2 },
      }),
    ],
  },
});
