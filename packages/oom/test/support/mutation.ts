import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { decodeName, type Kill, type OomLine, OomMachine } from '@oomwatcher/oom';
import { captureNames, readCapture } from './capture.ts';
import { killsOf } from './run.ts';

export interface MutationResult {
  count: number;
  lines: number;
  kills: number;
  seconds: number;
  /** The longest that one mutated capture took. */
  slowestMs: number;
  /** heapUsed after a forced collection, sampled over the whole run. */
  heapMiB: number[];
}

/** Captures small enough that a million of them can be run through. */
const maxLines = 160;

/** One mutated capture must be read within this, however busy the machine is. */
const maxMs = 60_000;

const maxText = 20_000;

const heapSamples = 20;

/**
 * Reads `count` mutated captures. Throws where a kill is reported that no line of its capture reports, or where reading takes
 * without end; whatever the OOM machine throws goes through.
 */
export function runMutations(count: number, seed: number): MutationResult {
  const collect = garbageCollector();
  const captures = captureNames()
    .map(readCapture)
    .filter(({ length }) => length <= maxLines);
  const result: MutationResult = {
    count,
    lines: 0,
    kills: 0,
    seconds: 0,
    slowestMs: 0,
    heapMiB: [],
  };
  // Lives through all of them: what it would keep for ever, grows.
  const longLived = new OomMachine();
  const sampleEvery = Math.max(1, Math.floor(count / heapSamples));
  const start = performance.now();
  for (let at = 0; at < count; at++) {
    const random = new Random(seed + at);
    const lines = mutate(captures, random);
    const live = at % 3 !== 2;
    const machine = at % 3 === 0 ? longLived : new OomMachine({ live });
    const before = performance.now();
    const kills = read(machine, lines, random);
    const took = performance.now() - before;
    if (took > maxMs) throw new Error(`seed ${seed + at}: took ${took} ms`);
    for (const kill of kills) {
      if (!isSaid(kill, lines) && (live || !isProven(kill, lines, kills)))
        throw new Error(invented(seed + at, kill));
    }
    result.lines += lines.length;
    result.kills += kills.length;
    result.slowestMs = Math.max(result.slowestMs, took);
    if (at % sampleEvery === sampleEvery - 1) {
      collect();
      result.heapMiB.push(process.memoryUsage().heapUsed / 2 ** 20);
    }
  }
  result.seconds = (performance.now() - start) / 1000;
  return result;
}

function read(machine: OomMachine, lines: OomLine[], random: Random): Kill[] {
  machine.lost();
  machine.take();
  const tellsLoss = random.below(2) === 0;
  let last: bigint | undefined;
  for (const line of lines) {
    if (tellsLoss && last !== undefined && line.seq > last + 1n) machine.lost();
    if (random.below(40) === 0) machine.settle(random.below(400));
    machine.push(line);
    last = line.seq;
  }
  machine.flush();
  return killsOf(machine.take());
}

/** Whether a kernel's line of the kill's number names its process. */
function isSaid({ seq, victim }: Kill, lines: OomLine[]): boolean {
  return lines.some((line) => {
    if (Number(line.seq) !== seq || line.priority! > 7) return false;
    const [start, id] = /Kill(?:ed)? process (\d+) \(/.exec(line.text) ?? [];
    if (start === undefined || Number(id) !== (victim!.tid ?? victim!.pid)) return false;
    return decodeName(line.text).includes(`${start}${victim!.name})`);
  });
}

/** Whether the lines prove a kill that none of them reports: chosen for it or freed after it, and reported once. */
function isProven({ victim }: Kill, lines: OomLine[], kills: Kill[]): boolean {
  const { pid } = victim!;
  if (kills.filter((kill) => kill.victim!.pid === pid).length > 1) return false;
  return lines.some(
    ({ text, priority }) =>
      priority! < 8 &&
      (text.includes(`,pid=${pid},uid=`) || text.includes(`reaped process ${pid} (`)),
  );
}

function invented(seed: number, kill: Kill): string {
  return `seed ${seed}: no line says ${JSON.stringify(kill)}`;
}

function mutate(captures: (readonly OomLine[])[], random: Random): OomLine[] {
  let lines = [...random.one(captures)];
  for (let left = 1 + random.below(4); left > 0; left--) {
    if (lines.length > 0) lines = random.one(mutations)(lines, random, captures);
  }
  return lines;
}

type Mutation = (lines: OomLine[], random: Random, captures: (readonly OomLine[])[]) => OomLine[];

const mutations: Mutation[] = [
  function flipBits(lines, random) {
    return changeText(lines, random, (text) => {
      const at = random.below(text.length);
      const flipped = String.fromCharCode(text.charCodeAt(at) ^ (1 << random.below(8)));
      return text.slice(0, at) + flipped + text.slice(at + 1);
    });
  },
  function cutText(lines, random) {
    return changeText(lines, random, (text) => text.slice(0, random.below(text.length)));
  },
  function repeatText(lines, random) {
    return changeText(lines, random, (text) =>
      text
        .slice(random.below(text.length))
        .repeat(1 + random.below(30))
        .slice(0, maxText),
    );
  },
  function changeWriter(lines, random) {
    return lines.with(random.below(lines.length), {
      ...random.one(lines),
      priority: random.below(20),
      flag: random.one(['-', 'c', '+']),
    });
  },
  function remove(lines, random) {
    return lines.toSpliced(random.below(lines.length), 1 + random.below(5));
  },
  function repeat(lines, random) {
    const at = random.below(lines.length);
    return lines.toSpliced(at, 0, ...lines.slice(at, at + 1 + random.below(5)));
  },
  function swap(lines, random) {
    const [one, other] = [random.below(lines.length), random.below(lines.length)];
    return lines.with(one, lines[other]!).with(other, lines[one]!);
  },
  function cutEnd(lines, random) {
    return lines.slice(0, random.below(lines.length));
  },
  function cutBeginning(lines, random) {
    return lines.slice(random.below(lines.length));
  },
  function splice(lines, random, captures) {
    const other = random.one(captures);
    return [
      ...lines.slice(0, random.below(lines.length)),
      ...other.slice(random.below(other.length)),
    ];
  },
  function interleave(lines, random, captures) {
    const other = [...random.one(captures)];
    return lines.flatMap((line) =>
      random.below(3) === 0 ? [...other.splice(0, 1), line] : [line],
    );
  },
];

/** Changes some lines' text, those of the OOM killer before others. */
function changeText(lines: OomLine[], random: Random, change: (text: string) => string): OomLine[] {
  const changed = [...lines];
  for (let left = 1 + random.below(8); left > 0; left--) {
    const at = random.below(lines.length);
    const wanted =
      random.below(3) === 0
        ? at
        : lines.findIndex(({ text }, other) => other >= at && /kill/i.test(text));
    const line = changed[wanted];
    if (line !== undefined && line.text !== '')
      changed[wanted] = { ...line, text: change(line.text) };
  }
  return changed;
}

/** splitmix32: a run is known by its seed alone. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** An integer from 0 up to, but not, `limit`. */
  below(limit: number): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return Math.floor((((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32) * limit);
  }

  one<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!;
  }
}

function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc');
}
