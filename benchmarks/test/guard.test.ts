import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../src/guard/base-tree.ts';
import { contents } from '../src/guard/hot-path.ts';
import { judge, type Limits } from '../src/guard/measurement.ts';
import { interpreterName, parserName, parserStorm } from '../src/guard/parser.ts';
import { stormCapture } from '../src/replay/replay-storm.ts';
import { compilerName, nativeFolder } from '../src/support/build-native.ts';
import { hasValgrind } from '../src/support/cachegrind.ts';

const folder = mkdtempSync(join(tmpdir(), 'oomwatcher-guard-'));
afterAll(() => rmSync(folder, { recursive: true }));

const limits: Limits = JSON.parse(
  readFileSync(join(import.meta.dirname, '../limits.json'), 'utf8'),
);

/** A turn of a counter that the compiler may not leave out: so many instructions, as g++ compiles it for x86-64. */
const instructionsPerTurn = 7;

/** A turn of a loop in the interpreter, which leaves none out. */
const interpretedPerTurn = 142;

const stormRecords = stormCapture(parserStorm).split('\n').length - 1;

/** The first for every record, the second in the part of the machine that a large node's report spends its time in. */
const slowPlaces = [
  {
    what: 'splitting records',
    file: 'kmsg/src/splitter.ts',
    start: 'split(bytes: Uint8Array, start: number, end: number): boolean {\n',
    calls: stormRecords,
  },
  {
    what: 'rows of task tables',
    file: 'oom/src/lines/task-table.ts',
    start: 'const match = row.exec(text);\n',
    calls: (parserStorm.kills / parserStorm.reportEvery) * parserStorm.tasks,
  },
];

const unable = unableReason('native: instructions per record, OOM reports', compilerName);
describe.skipIf(unable !== undefined)(
  `the guard of the drain thread${unable === undefined ? '' : ` (skipped: ${unable})`}`,
  () => {
    let asItIs: ReturnType<typeof guard>;
    beforeAll(() => {
      asItIs = guard('--native', nativeFolder);
    });

    it('keeps quiet about the hot path as it is', () => {
      expect(asItIs).toMatchObject({ status: 0 });
    });

    it('fails when the hot path takes a fifth more instructions', () => {
      const unrelated = `native: instructions per record, ${contents[0]}`;
      const before = figureOf(unrelated, asItIs.stdout);
      const slow = copyOfNative(Math.round((0.2 * before) / instructionsPerTurn));
      const { status, stdout, stderr } = guard('--native', slow);
      const slower = figureOf(unrelated, stdout) / before;
      expect(slower).toBeGreaterThan(1.15);
      expect(slower).toBeLessThan(1.25);
      expect(status).toBe(1);
      for (const content of contents) {
        expect(stderr).toContain(`limit broken: native: instructions per record, ${content}`);
      }
    });
  },
);

const parserUnable = unableReason(parserName, interpreterName);
describe.skipIf(parserUnable !== undefined)(
  `the guard of the parser${parserUnable === undefined ? '' : ` (skipped: ${parserUnable})`}`,
  () => {
    let asItIs: ReturnType<typeof guard>;
    beforeAll(() => {
      asItIs = guard('--packages', join(root, 'packages'));
    });

    it('keeps quiet about the parser as it is', () => {
      expect(asItIs).toMatchObject({ status: 0 });
    });

    it.each(slowPlaces)('fails when all takes a fifth more for $what', (place) => {
      const { file, start, calls } = place;
      const before = figureOf(parserName, asItIs.stdout);
      const turns = Math.round((0.2 * before * stormRecords) / calls / interpretedPerTurn);
      const { status, stdout, stderr } = guard('--packages', copyOfPackages(file, start, turns));
      const slower = figureOf(parserName, stdout) / before;
      expect(slower).toBeGreaterThan(1.15);
      expect(slower).toBeLessThan(1.25);
      expect(status).toBe(1);
      expect(stderr).toContain(`limit broken: ${parserName}`);
    });
  },
);

describe('a verdict', () => {
  it('is that a figure without a limit is a mistake', () => {
    expect(() => judge({ name: 'new', value: 1 }, {}, ['g++ 12'])).toThrow('no limit');
  });

  it('names the figure, the bound and the reason to skip', () => {
    const bounds: Limits = {
      a: { max: 2, measured: '1' },
      b: { min: 0.9, measured: '1', compiler: 'g++ 12' },
    };
    expect(judge({ name: 'a', value: 2.5 }, bounds, ['g++ 12'])).toEqual({
      name: 'a',
      outcome: 'broken',
      text: '2.5, at most 2',
    });
    expect(judge({ name: 'b', value: 0.89 }, bounds, ['g++ 12']).outcome).toBe('broken');
    expect(judge({ name: 'b', value: 0.89 }, bounds, ['g++ 13']).outcome).toBe('skipped');
    expect(judge({ name: 'b', skipped: 'why' }, bounds, ['g++ 12']).text).toBe('why');
  });
});

/** native/ with a loop of so many turns for each record. */
function copyOfNative(turns: number): string {
  const copy = mkdtempSync(join(folder, 'native-'));
  cpSync(join(nativeFolder, 'src/core'), join(copy, 'src/core'), { recursive: true });
  const start = 'bool SplitRecord(std::string_view bytes, Record* record) {\n';
  const loop = `for (volatile int turn = 0; turn < ${turns}; turn = turn + 1) continue;\n`;
  insert(loop, join(copy, 'src/core/record.cc'), start);
  return copy;
}

/** packages/ of the parser with a loop of so many turns where `start` ends. */
function copyOfPackages(file: string, start: string, turns: number): string {
  const copy = mkdtempSync(join(folder, 'packages-'));
  for (const source of ['kmsg/src', 'oom/src']) {
    cpSync(join(root, 'packages', source), join(copy, source), { recursive: true });
  }
  insert(`for (let turn = 0; turn < ${turns}; turn++) continue;\n`, join(copy, file), start);
  return copy;
}

function insert(text: string, file: string, after: string): void {
  const source = readFileSync(file, 'utf8');
  expect(source).toContain(after);
  writeFileSync(file, source.replace(after, after + text));
}

function guard(option: '--native' | '--packages', tree: string) {
  const script = join(import.meta.dirname, '../src/guard/run.ts');
  return spawnSync(process.execPath, [script, option, tree], { encoding: 'utf8' });
}

function figureOf(name: string, stdout: string): number {
  return Number(new RegExp(`${name}: ([\\d.]+)`).exec(stdout)?.[1]);
}

/** In CI everything that this needs is installed: there it must not be skipped. */
function unableReason(figure: string, nameOfCompiler: () => string): string | undefined {
  if (process.env.OOMWATCHER_REQUIRE_ALL === '1') return undefined;
  if (!hasValgrind()) return 'valgrind is missing';
  const { compiler: wanted } = limits[figure] ?? {};
  try {
    const compiler = nameOfCompiler();
    return compiler === wanted ? undefined : `the limits are for ${wanted}, this is ${compiler}`;
  } catch (error) {
    return `needs ${wanted}: ${(error as Error).message}`;
  }
}
