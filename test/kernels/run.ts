/**
 * Does the agent report every kill rightly on the kernels that production runs? Boots each in QEMU and compares.
 *
 *   node kernels/run.ts [--kernel NAME]... [--scenario NAME]... [--source native|portable] [--witness off|require] [--cpus N] [--keep] [--list]
 *
 * Exit status 0: right everywhere; 1: wrong somewhere, or something is missing and OOMWATCHER_REQUIRE_ALL=1; 2: usage.
 * Writes results.json, captures-out/ and, when the whole matrix ran, docs/kernels.md.
 */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { architectures } from './architecture.ts';
import { writeCaptures } from './captures.ts';
import { checkRun, checkScenario } from './check.ts';
import { readHandout } from './handout.ts';
import { type Tried, writeInitramfs } from './initramfs.ts';
import { type KernelSeries, kernelMatrix } from './kernels.ts';
import { Missing } from './missing.ts';
import { kernelImage } from './packages.ts';
import { capturesFolder, page, resultsFile } from './paths.ts';
import { type KernelResult, markdown, problemsOf, type Results, total } from './report.ts';
import type { Scenario } from './scenario.ts';
import { scenarios } from './scenarios.ts';
import { requireEmulator, runVm } from './vm.ts';

/** Enough for Node; little enough that a global OOM comes soon. */
const memoryMiB = 640;
const timeoutSeconds = 900;

interface Options extends Tried {
  kernels: KernelSeries[];
  scenarios: Scenario[];
  cpus: number;
  keep: boolean;
}

/** @throws on names that do not exist, with one sentence. */
function readOptions(): Options | 'list' {
  const { values } = parseArgs({
    options: {
      kernel: { type: 'string', multiple: true },
      scenario: { type: 'string', multiple: true },
      source: { type: 'string', default: 'native' },
      witness: { type: 'string', default: 'off' },
      cpus: { type: 'string', default: '2' },
      keep: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
    },
  });
  if (values.list) return 'list';
  const cpus = Number(values.cpus);
  if (!Number.isInteger(cpus) || cpus < 1)
    throw new Error(`--cpus ${values.cpus}: not a number of CPUs`);
  if (values.source !== 'native' && values.source !== 'portable')
    throw new Error(`--source ${values.source}: native or portable`);
  if (values.witness !== 'off' && values.witness !== 'require')
    throw new Error(`--witness ${values.witness}: off or require`);
  return {
    kernels: pick('kernel', kernelMatrix, values.kernel),
    scenarios: pick('scenario', scenarios, values.scenario),
    source: values.source,
    witness: values.witness,
    cpus,
    keep: values.keep,
  };
}

function pick<T extends { name: string }>(
  kind: string,
  all: T[],
  names: string[] | undefined,
): T[] {
  const unknown = names?.find((name) => all.every((item) => item.name !== name));
  if (unknown !== undefined)
    throw new Error(`no ${kind} ${unknown}: there are ${all.map(({ name }) => name).join(', ')}`);
  return all.filter(({ name }) => names?.includes(name) ?? true);
}

function list(): void {
  console.log('kernels:');
  for (const { name, suite, architecture } of kernelMatrix)
    console.log(`  ${name.padEnd(10)} Debian ${suite}, ${architecture}`);
  console.log('scenarios:');
  for (const { name, what, kills } of scenarios)
    console.log(`  ${name.padEnd(10)} ${what} (${kills} killed)`);
}

async function runKernel(
  series: KernelSeries,
  options: Options,
  work: string,
): Promise<KernelResult> {
  const architecture = architectures[series.architecture];
  requireEmulator(architecture);
  const image = await kernelImage(series);
  console.log(`${series.name}: ${image.package}`);
  const output = join(work, `${series.name}.tar.gz`);
  let secondsToFirstKill = Number.NaN;
  let seconds = Number.NaN;
  const initramfs = join(work, `initramfs-${series.architecture}`);
  if (!existsSync(initramfs)) {
    const part = `${initramfs}.part`;
    await writeInitramfs(part, architecture, options.scenarios, options, work);
    renameSync(part, initramfs);
  }
  await runVm({
    architecture,
    kernel: image.file,
    initramfs,
    output,
    memoryMiB,
    cpus: options.cpus,
    timeoutSeconds,
    onMark([what, ...rest], at) {
      if (what === 'done' && Number.isNaN(secondsToFirstKill)) secondsToFirstKill = at;
      seconds = at;
      console.log(`  ${at.toFixed(1).padStart(6)} s  ${[what, ...rest].join(' ')}`);
    },
  });
  const handout = readHandout(output, join(work, series.name));
  writeCaptures(capturesFolder, handout);
  return {
    name: series.name,
    package: image.package,
    release: handout.release,
    secondsToFirstKill,
    seconds,
    scenarios: options.scenarios.map((scenario) =>
      checkScenario(scenario, handout.scenarios.get(scenario.name)!),
    ),
    problems: checkRun(handout, options.scenarios, options),
  };
}

/** What happened to the kernels that were asked for. */
interface Outcome {
  results: Results;
  /** Kernels that cannot be had here, and why. */
  missing: string[];
  /** Kernels that did not come to an end, and why. */
  failed: string[];
}

async function runAll(options: Options): Promise<Outcome> {
  const { cpus, source } = options;
  const outcome: Outcome = {
    results: {
      emulator: requireEmulator(architectures.amd64),
      date: today(),
      source,
      memoryMiB,
      cpus,
      kernels: [],
    },
    missing: [],
    failed: [],
  };
  const work = mkdtempSync(join(tmpdir(), 'oomwatcher-kernels-'));
  try {
    for (const series of options.kernels) {
      try {
        const result = await runKernel(series, options, work);
        outcome.results.kernels.push(result);
        print(result);
      } catch (error) {
        if (error instanceof Missing) outcome.missing.push(error.message);
        else outcome.failed.push(`${series.name}: ${(error as Error).message}`);
      }
    }
  } finally {
    if (options.keep) console.log(`kept: ${work}`);
    else rmSync(work, { recursive: true, force: true });
  }
  return outcome;
}

function print(result: KernelResult): void {
  for (const problem of problemsOf(result)) console.log(`  WRONG ${problem}`);
  for (const { scenario, killed, reported, rightCgroup, limits, wrongCgroup } of result.scenarios)
    console.log(
      `  ${scenario.padEnd(15)} ${killed} killed, ${reported} reported, ${rightCgroup} placed, ${limits} with limit, ${wrongCgroup} wrong`,
    );
  console.log(
    `  ${total(result, 'killed')} killed, ${total(result, 'reported')} reported, ${total(result, 'limits')} with limit`,
  );
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** @returns the exit status. */
function conclude({ results, missing, failed }: Outcome, options: Options): number {
  for (const reason of missing) console.error(`skipped: ${reason}`);
  for (const reason of failed) console.error(`failed: ${reason}`);
  write(resultsFile, `${JSON.stringify(results, null, 2)}\n`);
  const whole =
    results.kernels.length === kernelMatrix.length &&
    options.scenarios.length === scenarios.length &&
    options.source === 'native' &&
    options.witness === 'off';
  if (whole) write(page, markdown(results));
  const wrong =
    failed.length > 0 || results.kernels.some((kernel) => problemsOf(kernel).length > 0);
  return wrong || (requireAll && missing.length > 0) ? 1 : 0;
}

const requireAll = process.env.OOMWATCHER_REQUIRE_ALL === '1';

async function main(): Promise<number> {
  let options: Options | 'list';
  try {
    options = readOptions();
  } catch (error) {
    console.error((error as Error).message);
    return 2;
  }
  if (options === 'list') {
    list();
    return 0;
  }
  try {
    return conclude(await runAll(options), options);
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
    console.error(`skipped: ${error.message}`);
    return requireAll ? 1 : 0;
  }
}

process.exitCode = await main();
