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

const quotes = ['', '', '> ', '> > ', '    ', '\t', '| ', '- ', '/var/log/kern.log:'];

interface Input {
  what: string;
  log: string | Uint8Array;
  right: Kill[];
}

/** The form, quoted, broken, or mixed with another machine's lines. */
function input({ print, ofLines, namesHost }: Form, pick: (below: number) => number): Input {
  const name = ordinary[pick(ordinary.length)]!;
  const { lines, kills } = capture(name);
  const plain = print(lines, 'node1');
  if (ofLines === undefined || typeof plain !== 'string')
    return { what: name, log: plain, right: kills };
  if (namesHost && pick(3) === 0) {
    const other = ordinary[pick(ordinary.length)]!;
    const log = mixed(plain, print(capture(other).lines, 'node2') as string, pick);
    return { what: `${name} and ${other}`, log, right: [...kills, ...capture(other).kills] };
  }
  const quote = quotes[pick(quotes.length)]!;
  const quoted = (text: string) => text.replace(/^(?=.)/gm, quote);
  const wrap = pick(3);
  const width = 80 + pick(60);
  const column = 68 + pick(30);
  const written =
    wrap === 1
      ? hard(width, () => quoted(plain))(lines, 'node1')
      : wrap === 2
        ? soft(column, () => plain, quote)(lines, 'node1')
        : quoted(plain);
  const how = ['as it is', `hard ${width}`, `soft ${column}`][wrap];
  return { what: `${name}, ${JSON.stringify(quote)}, ${how}`, log: written, right: kills };
}

function mixed(a: string, b: string, pick: (below: number) => number): string {
  const rest = [a.split(/(?<=\n)/), b.split(/(?<=\n)/)] as const;
  let log = '';
  while (rest[0].length + rest[1].length > 0)
    log += rest[pick(2) as 0 | 1].splice(0, pick(8)).join('');
  return log;
}

const text = (kill: Kill) => JSON.stringify(essence(kill));

/** What a kill says that no kill of the captures with its pid does. */
function falsehood(kill: Kill, right: readonly Kill[]): string | undefined {
  const own = right.filter(({ victim }) => victim?.pid === kill.victim?.pid);
  const facts = (k: Kill) => [
    k.cgroup?.victim,
    k.cgroup?.limit,
    k.memory?.usageKiB,
    k.memory?.limitKiB,
    k.trigger?.pid,
    k.monotonicUs,
  ];
  const said = facts(kill);
  const isTrue = own.some((k) =>
    facts(k).every((fact, i) => said[i] === undefined || said[i] === fact),
  );
  return isTrue ? undefined : `${kill.victim?.pid}: ${JSON.stringify(said)}`;
}

describe.each(forms.filter(({ ofLines }) => ofLines !== undefined || runs > 4))('$name', (form) => {
  it('quoted, broken, mixed with another machine: the same kills, and nothing false', () => {
    const pick = random(
      seed * 7919 + [...form.name].reduce((sum, char) => sum + char.charCodeAt(0), 0),
    );
    const wrong: string[] = [];
    const false_: string[] = [];
    for (let i = 0; i < runs; i++) {
      const { what, log, right } = input(form, pick);
      const { kills, log: read } = killsIn(log);
      const said = kills.flatMap((kill) => falsehood(kill, right) ?? []);
      if (said.length > 0) false_.push(`${what}: ${said.join()}`);
      const isSame = kills.map(text).sort().join() === right.map(text).sort().join();
      if (!isSame && read.stats.notUnderstood === 0) wrong.push(what);
    }
    expect(false_).toEqual([]);
    expect(wrong.length, wrong.join('\n')).toBeLessThanOrEqual(runs / 100);
  });
});
