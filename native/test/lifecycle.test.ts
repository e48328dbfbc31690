import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { builtAddon, kernelLog, needs } from '../../test/support/needs.ts';

// An addon with a thread crashes, if it does, when its environment ends: a worker is terminated or calls process.exit.
// Only exit codes and signals of child processes show that.

/** OOMWATCHER_EXITS=50 takes longer than `npm test` has time for. */
const tries = Number(process.env.OOMWATCHER_EXITS ?? 20);
const atOnce = 5;

// Hundreds of short processes: most of their time would go into loading the same few TypeScript files.
const compileCache = mkdtempSync(join(tmpdir(), 'kmsg-lifecycle-'));
afterAll(() => rmSync(compileCache, { recursive: true }));

interface Ended {
  code: number | string | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

function run(file: string, ...args: string[]): Promise<Ended> {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const options = { timeout: 300_000, env: { ...process.env, NODE_COMPILE_CACHE: compileCache } };
  return new Promise((resolve) => {
    execFile(process.execPath, [path, ...args], options, (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, signal: error?.signal ?? null, stdout, stderr });
    });
  });
}

/** The file of the stages loads the addon. */
const stageNames =
  builtAddon() === undefined ? Object.keys((await import('./stages.ts')).stages) : ['of any stage'];

for (const stage of stageNames)
  needs(builtAddon, kernelLog).describe(`a reader that is ${stage}`, () => {
    it('does not disturb the exit of the process', async () => {
      for (let done = 0; done < tries; done += atOnce) {
        const ends = await Promise.all(
          Array.from({ length: atOnce }, () => run('exit-main.ts', stage)),
        );
        for (const end of ends) {
          expect(end).toEqual({ code: 7, signal: null, stdout: '', stderr: '' });
        }
      }
    });

    it.each([
      ['exit', 7],
      ['terminate', 1],
    ])('does not disturb the end of a worker by %s', async (way, code) => {
      const end = await run('exit-worker.ts', stage, way, String(tries));
      expect(end).toMatchObject({ code: 0, signal: null, stderr: '' });
      const codes: number[] = JSON.parse(end.stdout);
      expect(codes.length).toBeGreaterThanOrEqual(tries);
      expect(new Set(codes)).toEqual(new Set([code]));
    });
  });
