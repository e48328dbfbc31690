import { join } from 'node:path';
import { buildFloor, buildRewind } from '../support/build-native.ts';
import { fillRing, type RingContent } from '../support/fill-ring.ts';
import { type Interval, median, medianInterval } from '../support/statistics.ts';
import { type Pass, Worker } from '../support/worker.ts';

/** How often the ring is read in one opening of the device, so that the start-up is a small part. */
const steadyPasses = 128;

const floorName = 'bare C loop';

export interface RingContender {
  name: string;
  /** Medians. */
  nsPerRecord: number;
  cpuNsPerRecord: number;
  /** Against the bare loop of the same round; 1 is its rate. */
  rate: Interval;
  cpuRate: Interval;
  kills: number;
}

export interface RingResult {
  content: RingContent;
  /** In the ring. */
  records: number;
  rounds: number;
  contenders: RingContender[];
}

export interface RingOptions {
  rounds: number;
  /** The stream takes a second for each ring. */
  streamRounds: number;
  contents: RingContent[];
  /** Default: all. */
  contenders?: string[];
}

/** The live ring, read by each contender in turns. */
export async function ring(options: RingOptions): Promise<RingResult[]> {
  const results: RingResult[] = [];
  for (const content of options.contents) {
    await fillRing(content);
    results.push(await ringOf(content, options));
  }
  return results;
}

interface Contender {
  name: string;
  start: () => Worker;
  command: string;
  rounds: number;
}

async function ringOf(content: RingContent, options: RingOptions): Promise<RingResult> {
  using stack = new DisposableStack();
  const floor = stack.use(new Worker(buildFloor(), [], read(1)));
  const contenders = contendersOf(options)
    .filter(({ name, rounds }) => rounds > 0 && (options.contenders?.includes(name) ?? true))
    .map(({ start, ...contender }) => ({ ...contender, worker: stack.use(start()) }));
  const { records } = await floor.pass();
  const passes = new Map<(typeof contenders)[number], { pass: Pass; floor: Pass }[]>();
  for (const contender of contenders) {
    passes.set(contender, []);
    await contender.worker.pass(contender.command);
  }
  for (let round = 0; round < options.rounds; round++) {
    for (const contender of contenders) {
      if (round >= contender.rounds) continue;
      const pass = await contender.worker.pass(contender.command);
      // As long as the contender's, so that the machine's other work falls on both alike.
      const floorPass = await floor.pass(String(Math.max(1, Math.round(pass.records / records))));
      passes.get(contender)?.push({ pass, floor: floorPass });
    }
  }
  return {
    content,
    records,
    rounds: options.rounds,
    contenders: [
      summary(
        floorName,
        [...passes.values()].flat().map(({ floor: pass }) => ({ pass, floor: pass })),
      ),
      ...[...passes].map(([{ name }, all]) => summary(name, all)),
    ],
  };
}

function contendersOf(options: RingOptions): Contender[] {
  const { rounds, streamRounds } = options;
  const script = (name: string) => join(import.meta.dirname, `../contenders/${name}.ts`);
  const node =
    (name: string, args: string[] = [], environment = read(1)) =>
    () =>
      new Worker(process.execPath, [script(name), ...args], environment);
  return [
    { name: 'native', start: node('reader', ['native'], read(steadyPasses)), command: '1', rounds },
    { name: 'native, start-up included', start: node('reader', ['native']), command: '1', rounds },
    { name: 'portable', start: node('reader', ['portable']), command: '1', rounds },
    {
      name: 'plain JavaScript: readSync in a timer',
      start: node('timer-agent'),
      command: '1',
      rounds,
    },
    {
      name: 'plain JavaScript: createReadStream',
      // Each pass leaves a thread of Node's pool in read(2) until the kernel logs again; there are four by default.
      start: node('stream-agent', [], {
        ...read(1),
        UV_THREADPOOL_SIZE: String(4 + streamRounds),
      }),
      command: '1',
      rounds: streamRounds,
    },
  ];
}

/** All read through the same library: it costs some 3 % of a bare read(2). */
function read(passes: number): Record<string, string> {
  return { LD_PRELOAD: buildRewind(), OOMWATCHER_PASSES: String(passes) };
}

function summary(name: string, passes: { pass: Pass; floor: Pass }[]): RingContender {
  const perRecord = (time: 'ns' | 'cpuNs') => (pass: Pass) => pass[time] / pass.records;
  const rateIn = (time: 'ns' | 'cpuNs') =>
    medianInterval(passes.map(({ pass, floor }) => perRecord(time)(floor) / perRecord(time)(pass)));
  return {
    name,
    nsPerRecord: median(passes.map(({ pass }) => perRecord('ns')(pass))),
    cpuNsPerRecord: median(passes.map(({ pass }) => perRecord('cpuNs')(pass))),
    rate: rateIn('ns'),
    cpuRate: rateIn('cpuNs'),
    kills: passes[0]?.pass.kills ?? 0,
  };
}
