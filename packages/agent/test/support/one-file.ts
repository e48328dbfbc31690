import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { temporaryFolder } from '../../../kmsg/test/support/temporary.js';

/** A program of this folder with all that it imports in one file: node alone does not know where a package's sources are. */
export async function oneFile(name: string): Promise<string> {
  const program = join(temporaryFolder(), `${basename(name, '.ts')}.mjs`);
  await build({
    entryPoints: [join(import.meta.dirname, name)],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@oomwatcher/source'],
    banner: {
      js: "import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);",
    },
    logLevel: 'error',
  });
  return program;
}

/** As src/runtime/heap.ts: the young generation would grow by 45 MiB, and be no faster. */
export const heapOptions = ['--max-semi-space-size=1'];
