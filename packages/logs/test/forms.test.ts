import type { Kill } from '@oomwatcher/oom';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogLine } from '../src/index.js';
import { forms } from './support/forms.js';
import { captures, essence, kernelLines, killsIn, rawRecords } from './support/understood.js';

/** Names and paths that a person would give. The rest of the corpus has hostile ones, or is no report. */
const ordinary = captures.filter((name) =>
  /--(?:a-single|a-restarts|v1-b-single|c-group|d-podlimit|v1-d-podlimit|e-global-root|h-mempolicy|l-invisible|f-storm)\.kmsg$/.test(
    name,
  ),
);
const hostile = captures.filter((name) =>
  /--(?:v1-)?g-(?:comm|cgname|comm-storm)\.kmsg$/.test(name),
);

const linesOf = new Map<string, LogLine[]>();
function capture(name: string): LogLine[] {
  const known = linesOf.get(name) ?? kernelLines(name);
  linesOf.set(name, known);
  return known;
}

const wanted = new Map<string, Kill[]>();
function killsOf(name: string): Kill[] {
  const known = wanted.get(name) ?? killsIn(rawRecords(capture(name))).kills;
  wanted.set(name, known);
  return known;
}

/**
 * What each form reads: of every kind of capture one, each form the next kernel's. All of them in all forms take a minute
 * and a half, and what a form breaks it breaks in every kernel's words: OOMWATCHER_EVERY_CAPTURE=1 before a release.
 */
function turnOf(names: readonly string[], turn: number): readonly string[] {
  if (process.env.OOMWATCHER_EVERY_CAPTURE === '1') return names;
  const kinds = Map.groupBy(names, (name) => name.slice(name.indexOf('--')));
  return [...kinds.values()].map((kernels) => kernels[turn % kernels.length] as string);
}
const inTurn = forms.map((form, turn) => ({ ...form, turn }));

it('the captures and the forms are there', () => {
  expect(ordinary.length).toBeGreaterThan(25);
  expect(hostile.length).toBeGreaterThan(10);
  expect(forms.length).toBeGreaterThan(80);
  expect(ordinary.flatMap(killsOf).length).toBeGreaterThan(150);
});

describe.each(inTurn)('$name', ({ print, turn }) => {
  it('reports every kill of an ordinary capture, and of each the same', () => {
    for (const name of turnOf(ordinary, turn)) {
      const { kills } = killsIn(print(capture(name), 'node1'));
      expect(kills.map(essence), name).toEqual(killsOf(name).map(essence));
    }
  });

  it('says nothing false of hostile names', () => {
    for (const name of turnOf(hostile, turn)) {
      const own = new Map(killsOf(name).map((kill) => [kill.victim?.pid, kill]));
      for (const kill of killsIn(print(capture(name), 'node1')).kills) {
        const right = own.get(kill.victim?.pid);
        expect(right, `${name} ${kill.victim?.pid}`).toBeDefined();
        if (kill.memory !== undefined) expect(kill.memory).toEqual(right?.memory);
        expect([right?.victim?.anonRssKiB, undefined]).toContain(kill.victim?.anonRssKiB);
        // A kill whose own line a name has spoilt has the time of the line that chose it.
        const offUs = (kill.monotonicUs ?? 0) - (right?.monotonicUs ?? 0);
        if (kill.monotonicUs !== undefined) expect(Math.abs(offUs)).toBeLessThan(100_000);
        expect([asText(right?.cgroup?.victim), undefined]).toContain(asText(kill.cgroup?.victim));
        expect([asText(right?.cgroup?.limit), undefined]).toContain(asText(kill.cgroup?.limit));
        expect([right?.trigger?.pid, undefined]).toContain(kill.trigger?.pid);
      }
    }
  });
});

describe('two machines in one log', () => {
  const pairs = fc.tuple(fc.constantFrom(...ordinary), fc.constantFrom(...ordinary));
  const order = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 20 });

  it.each(forms.filter(({ namesHost }) => namesHost))('stay apart in $name', ({ print }) => {
    fc.assert(
      fc.property(pairs, order, ([first, second], runs) => {
        const lines = [
          linesIn(print(capture(first), 'alpha')),
          linesIn(print(capture(second), 'beta')),
        ] as const;
        const { kills } = killsIn(interleaved(lines, runs));
        const right = [...killsOf(first), ...killsOf(second)].map(essence).map(text).sort();
        expect(kills.map(essence).map(text).sort()).toEqual(right);
      }),
      { numRuns: 4 },
    );
  });
});

/** Forms that are text have no bytes that are not. */
const asText = (path: string | undefined) => path?.replace(/\\x[0-9a-f]{2}/g, '\ufffd');
const text = (value: unknown) => JSON.stringify(value);

function linesIn(log: string | Uint8Array): string[] {
  const whole = typeof log === 'string' ? log : Buffer.from(log).toString('latin1');
  return whole.split(/(?<=\n)/);
}

/** Lines of both, in turns of `runs` lines. */
function interleaved([a, b]: readonly [string[], string[]], runs: readonly number[]): string {
  const rest: readonly [string[], string[]] = [[...a], [...b]];
  let log = '';
  for (let turn = 0; rest[0].length + rest[1].length > 0; turn++) {
    const run = rest[turn % 2 === 0 ? 0 : 1];
    log += run.splice(0, (runs[turn % runs.length] as number) + (turn > 200 ? 1 : 0)).join('');
  }
  return log;
}
