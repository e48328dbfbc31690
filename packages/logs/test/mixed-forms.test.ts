import type { Kill } from '@oomwatcher/oom';
import { describe, expect, it } from 'vitest';
import type { LogLine } from '../src/index.js';
import { type Form, forms, hard, soft } from './support/forms.js';
import { captures, essence, kernelLines, killsIn, rawRecords } from './support/understood.js';

/** Inputs of each form; 100 of them take some minutes. */
const runs = Number(process.env.OOMWATCHER_PROPERTY_RUNS ?? 4);
const seed = Number(process.env.OOMWATCHER_SEED ?? 1);

const ordinary = captures.filter((name) =>
  /--(?:a-single|v1-b-single|c-group|d-podlimit|v1-d-podlimit|e-global-root)\.kmsg$/.test(name),
);
const known = new Map<string, { lines: LogLine[]; kills: Kill[] }>();
function capture(name: string): { lines: LogLine[]; kills: Kill[] } {
  const found = known.get(name);
  if (found !== undefined) return found;
  const lines = kernelLines(name);
  const read = { lines, kills: killsIn(rawRecords(lines)).kills };
  known.set(name, read);
  return read;
}

/** mulberry32. */
function random(start: number): (below: number) => number {
  let state = start;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const marks = ['', '', '> ', '> > ', '    ', '\t', '| ', '- '];
const quotes = [...marks, '/var/log/kern.log:'];

interface Input {
  what: string;
  log: string | Uint8Array;
  right: Kill[];
}

type Pick = (below: number) => number;

/** The form as it is, quoted, or mixed with another machine's lines. */
function whole({ print, ofLines, namesHost }: Form, pick: Pick): Input {
  const name = anyOf(ordinary, pick);
  const { lines, kills } = capture(name);
  const log = print(lines, 'node1');
  if (ofLines === undefined || typeof log !== 'string') return { what: name, log, right: kills };
  if (namesHost && pick(2) === 0) {
    const other = anyOf(ordinary, pick);
    const second = print(capture(other).lines, 'node2') as string;
    const right = [...kills, ...capture(other).kills];
    return { what: `${name} and ${other}`, log: mixed(log, second, pick), right };
  }
  const quote = anyOf(quotes, pick);
  return { what: `${name} ${JSON.stringify(quote)}`, log: quoted(log, quote), right: kills };
}

/** Quoted and broken by a terminal or a mailer. */
function broken({ print }: Form, pick: Pick): Input {
  const name = anyOf(ordinary, pick);
  const { lines, kills: right } = capture(name);
  const log = print(lines, 'node1') as string;
  const quote = anyOf(marks, pick);
  const width = 80 + pick(60);
  const column = 68 + pick(30);
  if (pick(2) === 0) {
    const written = hard(width, () => quoted(log, quote))(lines, 'node1');
    return { what: `${name} ${JSON.stringify(quote)} hard ${width}`, log: written, right };
  }
  const written = soft(column, () => log, quote)(lines, 'node1');
  return { what: `${name} ${JSON.stringify(quote)} soft ${column}`, log: written, right };
}

const anyOf = <T>(values: readonly T[], pick: Pick) => values[pick(values.length)] as T;
const quoted = (log: string, quote: string) => log.replace(/^(?=.)/gm, quote);

function mixed(a: string, b: string, pick: Pick): string {
  const rest = [a.split(/(?<=\n)/), b.split(/(?<=\n)/)] as const;
  let log = '';
  while (rest[0].length + rest[1].length > 0)
    log += rest[pick(2) as 0 | 1].splice(0, pick(8)).join('');
  return log;
}

const text = (kill: Kill) => JSON.stringify(essence(kill));
const all = (kills: readonly Kill[]) => kills.map(text).sort().join();

/** What is never another's. */
const place = ({ cgroup, memory, trigger }: Kill) => [
  cgroup?.victim,
  cgroup?.limit,
  memory?.usageKiB,
  memory?.limitKiB,
  trigger?.pid,
];
const placeAndTime = (kill: Kill) => [...place(kill), kill.monotonicUs];

/** What a kill says that no kill of the captures with its pid does. */
function falsehood(kill: Kill, right: readonly Kill[], facts: (kill: Kill) => unknown[]) {
  const own = right.filter(({ victim }) => victim?.pid === kill.victim?.pid).map(facts);
  const said = facts(kill);
  const isTrue = own.some((fact) => said.every((x, i) => x === undefined || x === fact[i]));
  return isTrue ? [] : [`${kill.victim?.pid}: ${JSON.stringify(said)}`];
}

const pickFor = ({ name }: Form) =>
  random([...name].reduce((sum, char) => sum * 31 + char.charCodeAt(0), seed));

describe.each(forms)('$name', (form) => {
  it('quoted or mixed with another machine: the same kills', () => {
    const pick = pickFor(form);
    const wrong: string[] = [];
    for (let i = 0; i < runs; i++) {
      const { what, log, right } = whole(form, pick);
      const { kills, log: read } = killsIn(log);
      expect(kills.flatMap((kill) => falsehood(kill, right, placeAndTime))).toEqual([]);
      if (all(kills) !== all(right) && read.stats.notUnderstood === 0) wrong.push(what);
    }
    expect(wrong.length, wrong.join('\n')).toBeLessThanOrEqual(runs / 100);
  });
});

describe.each(forms.filter(({ ofLines }) => ofLines))('$name', (form) => {
  it("broken by a terminal or a mailer: no kill has another's place", () => {
    const pick = pickFor(form);
    let same = 0;
    for (let i = 0; i < runs; i++) {
      const { what, log, right } = broken(form, pick);
      const { kills } = killsIn(log);
      expect(
        kills.flatMap((kill) => falsehood(kill, right, place)),
        what,
      ).toEqual([]);
      if (all(kills) === all(right)) same++;
    }
    figures.set(form.name, same);
  });
});

/** Of the broken inputs of each form, how many gave all kills with all that the capture tells of them. */
const figures = new Map<string, number>();
it('broken inputs are read as if they were whole', () => {
  const same = [...figures.values()].reduce((sum, count) => sum + count, 0);
  expect(same / (figures.size * runs), JSON.stringify([...figures])).toBeGreaterThan(0.98);
});
