import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kill, MemorySample } from '@oomwatcher/oom';
import { afterAll, beforeAll, expect } from 'vitest';
import { randomBy } from '../packages/explain/test/support/growth.ts';
import type { Agent } from './support/agent.ts';
import { agentWithPage } from './support/dashboard.ts';
import { Growing, type Growth, limitKiB, type Step } from './support/growing.ts';
import { builtAddon, builtAgent, needs, oomKills } from './support/needs.ts';
import { buildFolder, command } from './support/paths.ts';

/** Ten minutes, in which a growth is long enough for a forecast; CI has time for half of one. */
const isLong = process.env.OOMWATCHER_LONG === '1';
const slower = isLong ? 14 : 1;
const calmS = isLong ? 600 : 30;

const random = randomBy(Number(process.env.OOMWATCHER_SEED ?? 20_261_128));
const between = (low: number, high: number) => low + ((random() + 1) / 2) * (high - low);

const mib = 1024;
const everyMs = 100 * Math.sqrt(slower);

/** From one size to another at so much a second, once it has sat there for so long. */
function grows(fromKiB: number, toKiB: number, mibPerS: number, quietS = 0): Step[] {
  const each = (mibPerS * mib * everyMs) / 1000;
  const steps: Step[] = [[0, fromKiB]];
  for (let kib = fromKiB + each; kib < toKiB; kib += each)
    steps.push([Math.round(everyMs + (steps.length === 1 ? quietS * 1000 : 0)), Math.round(kib)]);
  return steps;
}

const teeth = (periodS: number) =>
  Array.from({ length: Math.ceil(calmS / periodS) }, () =>
    grows(10 * mib, 40 * mib, 30 / periodS),
  ).flat();

const beyond = 90 * mib;
const rate = () => between(1.5, 4) / slower;
const growths = {
  leak: { kind: 'anon', steps: grows(6 * mib, beyond, rate(), between(2, 5) * slower) },
  jump: {
    kind: 'anon',
    steps: [
      [0, 8 * mib],
      [Math.round(between(5, 12) * 1000), beyond],
    ],
  },
  tmpfs: { kind: `tmpfs:/dev/shm/oomwatcher-${process.pid}`, steps: grows(mib, beyond, rate()) },
  child: { kind: 'anon', steps: grows(mib, 50 * mib, rate()), parentKiB: 20 * mib },
  cache: {
    kind: `cache:${join(buildFolder, `read-${process.pid}`)}`,
    steps: Array.from({ length: calmS * 4 }, (_, i): Step => [250, ((i % 31) + 1) * 4 * mib]),
  },
  saw: { kind: 'anon', steps: teeth(between(3, 6) * Math.sqrt(slower)) },
} satisfies Record<string, Omit<Growth, 'name'>>;
type Name = keyof typeof growths;

/** What the generator's own pages, its page tables and the batches in which the kernel charges add. */
const slackKiB = 4 * mib;

const killed = ['leak', 'jump', 'tmpfs', 'child'] as const satisfies Name[];
const generators = {} as Record<Name, Growing>;
const told = {} as Record<(typeof killed)[number], Told>;
/** What the agent said while they ran, by cgroup. */
const said = new Map<string, Said[]>();

interface Said {
  atUs: number;
  usageKiB: number;
  workingSetKiB: number;
  secondsToLimit?: number;
}

/** A kill as `history` tells it. */
interface Told {
  kill: Kill;
  /** Up to the kill; the last is the kill itself. */
  samples: readonly Pick<MemorySample, 'monotonicUs' | 'usageKiB'>[];
  lines: string[];
}

const { describe, it } = needs(builtAgent, builtAddon, oomKills);

describe('what grew, and what was told of it', () => {
  const stack = new AsyncDisposableStack();
  beforeAll(async () => {
    const state = mkdtempSync(join(tmpdir(), 'oomwatcher-run-up-'));
    stack.defer(() => rmSync(state, { recursive: true }));
    const { agent, url } = await agentWithPage(state);
    stack.use(agent);
    for (const [name, growth] of Object.entries(growths)) {
      generators[name as Name] = stack.use(new Growing({ name, ...growth }));
    }
    const all = Object.values(generators);
    let running = all.length;
    for (const { exited } of all) void exited.then(() => running--);
    while (running > 0) {
      await listen(url);
      await sleep(1000);
    }
    for (const name of killed) told[name] = await tellingOf(name, agent, state);
    await agent.stop();
  }, 3_000_000);
  afterAll(() => stack.disposeAsync());

  for (const name of killed) {
    it(`${name}: every sample, statement and block of the curve is what it did`, () => {
      const { samples, lines, kill } = told[name];
      expect(samples.length).toBeGreaterThan(1);
      for (const { monotonicUs, usageKiB } of samples) {
        expectWithin(usageKiB, usageKiB, heldBy(name, monotonicUs, monotonicUs));
      }
      for (const line of lines) expectTrue(name, line);
      expectCurve(name, kill, lines);
    });
  }

  it('a steady growth is told with its rate, of nearly all that grew', () => {
    for (const name of ['leak', 'tmpfs'] as const) {
      if (!isDense(name)) continue;
      const [statement] = told[name].lines.flatMap((line) => grewIn(line) ?? []);
      expect(statement?.kib, told[name].lines.join('; ')).toBeGreaterThan(limitKiB / 2);
    }
    expect(told.tmpfs.lines.join()).toContain('most of it files in tmpfs');
    expect(told.leak.lines.join()).not.toContain('tmpfs');
  });

  it('a jump is none of a rate', () => {
    // Of a kill whose report others' kills have used up nobody knows how high it went.
    if (told.jump.kill.memory !== undefined)
      expect(told.jump.lines.join()).toMatch(/(jumped|went up) [\d.]+ MiB/);
    const endUs = told.jump.samples.at(-1)?.monotonicUs ?? 0;
    const isQuick = endUs - generators.jump.passedUs(9 * mib) < 1.5e6;
    if (isQuick) expect(told.jump.lines.join()).not.toContain('grew');
  });

  it('the process that grew is named, not its parent that was killed', () => {
    const { kill, lines } = told.child;
    expect(kill.victim?.pid).toBe(generators.child.parentPid);
    const grew = `the victim did not grow: child (pid ${generators.child.pid}) did`;
    // A recorder that seldom had its turn has seen the process once, or in its first moment only.
    const sizes = (kill.runUp?.cgroup?.samples ?? []).flatMap(({ processes = [] }) =>
      processes.filter(({ pid }) => pid === generators.child.pid).map((each) => each.anonRssKiB),
    );
    const seenToGrow = (sizes.at(-1) ?? 0) - (sizes[0] ?? 0);
    if (seenToGrow > limitKiB / 8) expect(lines.join('; ')).toContain(grew);
    expect(lines.join('; ')).not.toContain('the victim grew');
  });

  it('page cache fills its limit, and nobody is woken', () => {
    const seen = said.get(generators.cache.path) ?? [];
    expect(Math.max(...seen.map(({ usageKiB }) => usageKiB))).toBeGreaterThan(limitKiB * 0.9);
    for (const { workingSetKiB } of seen) expect(workingSetKiB).toBeLessThan(2 * slackKiB);
    expect(forecasts('cache')).toEqual([]);
  });

  it('saw teeth wake nobody', () => {
    const sets = (said.get(generators.saw.path) ?? []).map(({ workingSetKiB }) => workingSetKiB);
    expect(Math.max(...sets) - Math.min(...sets)).toBeGreaterThan(limitKiB / 4);
    expect(forecasts('saw')).toEqual([]);
  });

  it('a growth is foretold a minute ahead, once it has lasted', () => {
    for (const name of killed) {
      const found = forecasts(name);
      if (!isLong || name === 'jump') {
        expect(found, name).toEqual([]);
        continue;
      }
      const endUs = told[name].samples.at(-1)?.monotonicUs ?? 0;
      if (isDense(name)) expect(found[0]?.atUs).toBeLessThan(endUs - 60e6);
      for (const { atUs, secondsToLimit = 0 } of found) {
        const leftS = (endUs - atUs) / 1e6;
        expect(Math.abs(secondsToLimit - leftS), name).toBeLessThan(0.3 * leftS + 20);
      }
    }
  });
});

const alarmS = 300;

function forecasts(name: Name): Said[] {
  const found = said.get(generators[name].path) ?? [];
  return found.filter(({ secondsToLimit = alarmS }) => secondsToLimit < alarmS);
}

async function listen(url: string): Promise<void> {
  const response = await fetch(`${url}/api/v1/memory?share=0&limit=1000`);
  const { cgroups } = (await response.json()) as { cgroups: (Said & { path: string })[] };
  const atUs = Number(process.hrtime.bigint() / 1000n);
  for (const { path, ...now } of cgroups) {
    said.set(path, [...(said.get(path) ?? []), { ...now, atUs }]);
  }
}

async function tellingOf(name: (typeof killed)[number], agent: Agent, state: string) {
  const { pid, parentPid = pid, path } = generators[name];
  const kill = await agent.until(`reports ${name}`, () => agent.killOf(parentPid));
  const { killMonotonicUs, cgroup: run } = kill.runUp ?? {};
  expect(run?.path).toBe(path);
  const { stdout } = spawnSync(command, ['history', kill.id, '--state-dir', state], {
    encoding: 'utf8',
  });
  const atKill = { monotonicUs: killMonotonicUs as number, usageKiB: limitKiB };
  const samples = [...(run?.samples ?? []), atKill];
  return { kill, samples, lines: stdout.split('\n').map((line) => line.slice(labelCells)) };
}

/** What stands before each line of a kill's telling. */
const labelCells = 13;

/** What it held in that time, the parent included, once both run. */
function heldBy(name: Name, fromUs: number, toUs: number) {
  const { lowKiB, highKiB } = generators[name].heldBetween(fromUs, toUs);
  const { parentKiB = 0 } = growths[name] as Partial<Growth>;
  return { lowKiB: lowKiB + (lowKiB > 2 * mib ? parentKiB : 0), highKiB: highKiB + parentKiB };
}

function expectWithin(
  lowKiB: number,
  highKiB: number,
  held: { lowKiB: number; highKiB: number },
  what?: string,
): void {
  expect(highKiB, what).toBeGreaterThanOrEqual(Math.min(held.lowKiB, limitKiB) - slackKiB);
  expect(lowKiB, what).toBeLessThanOrEqual(held.highKiB + slackKiB);
}

/** Whether the samples show how it grew: a machine that starved the recorder, or the generator, is no fault of theirs. */
function isDense(name: (typeof killed)[number]): boolean {
  const { samples } = told[name];
  const grown = samples.filter(
    ({ monotonicUs }) => monotonicUs > generators[name].passedUs(8 * mib),
  );
  return grown.every(
    ({ monotonicUs }, i) =>
      i === 0 || monotonicUs - (grown[i - 1]?.monotonicUs ?? 0) < 5e6 * slower,
  );
}

const size = String.raw`([\d.]+) ([KM]iB)`;
const time = String.raw`([\d.]+) (s|min)`;
const kibOf = (value = '', unit = '') => Number(value) * (unit === 'MiB' ? mib : 1);
const usOf = (value = '', unit = '') => Number(value) * (unit === 'min' ? 60e6 : 1e6);
/** What is told is rounded. */
const roundedUs = (us: number) => (us < 9.95e6 ? 0.06e6 : us < 120e6 ? 0.6e6 : 31e6);

function grewIn(line: string): { kib: number; us: number } | undefined {
  const [found, ...words] = new RegExp(`^grew ${size}/(s|min) for ${time}, to`).exec(line) ?? [];
  if (found === undefined) return undefined;
  const us = usOf(words[3], words[4]);
  return { kib: (kibOf(words[0], words[1]) * us) / (words[2] === 'min' ? 60e6 : 1e6), us };
}

function jumpedIn(line: string): { kib: number; us: number } | undefined {
  const [found, ...words] =
    new RegExp(`^(?:jumped|went up) ${size} (?:in the last|within) ${time}`).exec(line) ?? [];
  return found === undefined
    ? undefined
    : { kib: kibOf(words[0], words[1]), us: usOf(words[2], words[3]) };
}

/** A growth that is told is that of the generator between two of the samples. */
function expectTrue(name: (typeof killed)[number], line: string): void {
  const growth = grewIn(line) ?? jumpedIn(line);
  if (growth === undefined) return;
  const { samples } = told[name];
  const spans = samples.flatMap((from, i) => samples.slice(i + 1).map((to) => ({ from, to })));
  const like = spans.filter(({ from, to }) => {
    const us = to.monotonicUs - from.monotonicUs;
    return Math.abs(us - growth.us) <= roundedUs(growth.us);
  });
  const isTrue = like.some(({ from, to }) => {
    const before = heldBy(name, from.monotonicUs, from.monotonicUs);
    const after = heldBy(name, to.monotonicUs, to.monotonicUs);
    const most = Math.min(after.highKiB, limitKiB) - before.lowKiB;
    const least = Math.min(after.lowKiB, limitKiB) - before.highKiB;
    return growth.kib <= most * 1.05 + slackKiB && growth.kib >= least * 0.95 - slackKiB;
  });
  expect(isTrue, `${name}: ${line}`).toBe(true);
}

const blocks = '▁▂▃▄▅▆▇█';

function expectCurve(name: Name, kill: Kill, lines: readonly string[]): void {
  const [, cells = ''] =
    /^([▁▂▃▄▅▆▇█·]+) of 64 MiB, /.exec(lines.find((l) => /^[▁-█]/.test(l)) ?? '') ?? [];
  expect(cells.length).toBeGreaterThanOrEqual(8);
  const fromUs = kill.runUp?.cgroup?.samples[0]?.monotonicUs as number;
  const toUs = kill.runUp?.killMonotonicUs as number;
  const atUs = (cell: number) => fromUs + ((toUs - fromUs) * cell) / cells.length;
  for (const [i, cell] of [...cells].entries()) {
    const block = blocks.indexOf(cell);
    if (block === -1) continue;
    const kib = (of: number) => (limitKiB * 0.98 * of) / 7;
    const high = block === 7 ? limitKiB : kib(block + 1);
    expectWithin(kib(block), high, heldBy(name, atUs(i), atUs(i + 1)), `${cells} at ${i}`);
  }
}
