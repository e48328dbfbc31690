import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { contents, HotPath, hasValgrind } from '../src/guard/hot-path.ts';
import { judge, type Limits } from '../src/guard/measurement.ts';
import { compilerName, nativeFolder } from '../src/support/build-native.ts';

const folder = mkdtempSync(join(tmpdir(), 'oomwatcher-guard-'));
afterAll(() => rmSync(folder, { recursive: true }));

const limits: Limits = JSON.parse(
  readFileSync(join(import.meta.dirname, '../limits.json'), 'utf8'),
);

/** A turn of a counter that the compiler may not leave out: so many instructions, as g++ compiles it for x86-64. */
const instructionsPerTurn = 7;

const unable = unableReason();
describe.skipIf(unable !== undefined)(
  `the guard${unable === undefined ? '' : ` (skipped: ${unable})`}`,
  () => {
    it('keeps quiet about the hot path as it is', { timeout: 120_000 }, () => {
      expect(guard(copyOfNative('same', 0))).toMatchObject({ status: 0 });
    });

    it('fails when the hot path takes a fifth more instructions', { timeout: 240_000 }, () => {
      using hotPath = new HotPath();
      const before = hotPath.instructionsPerRecord('unrelated records');
      const slow = copyOfNative('slow', Math.round((0.2 * before) / instructionsPerTurn));
      using slowPath = new HotPath(slow);
      const slower = slowPath.instructionsPerRecord('unrelated records') / before;
      expect(slower).toBeGreaterThan(1.15);
      expect(slower).toBeLessThan(1.25);
      const { status, stderr } = guard(slow);
      expect(status).toBe(1);
      for (const content of contents) {
        expect(stderr).toContain(`limit broken: native: instructions per record, ${content}`);
      }
    });
  },
);

describe('a verdict', () => {
  it('is that a figure without a limit is a mistake', () => {
    expect(() => judge({ name: 'new', value: 1 }, {}, 'g++ 12')).toThrow('no limit');
  });

  it('names the figure, the bound and the reason to skip', () => {
    const bounds: Limits = {
      a: { max: 2, measured: '1' },
      b: { min: 0.9, measured: '1', compiler: 'g++ 12' },
    };
    expect(judge({ name: 'a', value: 2.5 }, bounds, 'g++ 12')).toEqual({
      name: 'a',
      outcome: 'broken',
      text: '2.5, at most 2',
    });
    expect(judge({ name: 'b', value: 0.89 }, bounds, 'g++ 12').outcome).toBe('broken');
    expect(judge({ name: 'b', value: 0.89 }, bounds, 'g++ 13').outcome).toBe('skipped');
    expect(judge({ name: 'b', skipped: 'why' }, bounds, 'g++ 12').text).toBe('why');
  });
});

/** native/ with a loop of so many turns for each record. */
function copyOfNative(name: string, turns: number): string {
  const copy = join(folder, name);
  cpSync(join(nativeFolder, 'src/core'), join(copy, 'src/core'), { recursive: true });
  const file = join(copy, 'src/core/record.cc');
  const source = readFileSync(file, 'utf8');
  const start = 'bool SplitRecord(std::string_view bytes, Record* record) {\n';
  expect(source).toContain(start);
  const extra = `for (volatile int turn = 0; turn < ${turns}; turn = turn + 1) continue;\n`;
  writeFileSync(file, source.replace(start, start + extra));
  return copy;
}

function guard(native: string): { status: number | null; stderr: string } {
  const script = join(import.meta.dirname, '../src/guard/run.ts');
  return spawnSync(process.execPath, [script, '--native', native], { encoding: 'utf8' });
}

/** In CI everything that this needs is installed: there it must not be skipped. */
function unableReason(): string | undefined {
  if (process.env.OOMWATCHER_REQUIRE_ALL === '1') return undefined;
  if (!hasValgrind()) return 'valgrind is missing';
  const compiler = compilerName();
  const { compiler: wanted } = limits['native: instructions per record, OOM reports'] ?? {};
  return compiler === wanted ? undefined : `the limits are for ${wanted}, this is ${compiler}`;
}
