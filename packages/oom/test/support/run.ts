import {
  amended as amendedKill,
  type Kill,
  type MachineOptions,
  type OomEvent,
  type OomLine,
  OomMachine,
} from '@oomwatcher/oom';

export interface Result {
  kills: Kill[];
  events: OomEvent[];
  machine: OomMachine;
}

/** Called before each line, with the milliseconds of silence that the log's own clock shows before it. */
export type BeforeLine = (machine: OomMachine, quietMs: number, line: OomLine) => void;

/** Reads the lines to their end; what is missing in their numbers is reported to the machine as lost. */
export function run(
  lines: readonly OomLine[],
  before?: BeforeLine,
  options?: MachineOptions,
): Result {
  const machine = new OomMachine(options);
  const events: OomEvent[] = [];
  let last: OomLine | undefined;
  for (const line of lines) {
    if (last !== undefined && line.seq > last.seq + 1n) machine.lost();
    before?.(machine, ((line.timestampUs ?? 0) - (last?.timestampUs ?? 0)) / 1000, line);
    machine.push(line);
    last = line;
  }
  machine.flush();
  events.push(...machine.take());
  return { machine, events, kills: killsOf(events) };
}

/** Reads the lines as those of a captured log: nothing is given out before it is certain. */
export function runCaptured(lines: readonly OomLine[]): Result {
  return run(lines, undefined, { live: false });
}

export function killsOf(events: readonly OomEvent[]): Kill[] {
  return events.flatMap((event) => (event.kind === 'kill' ? [event.kill] : []));
}

/** What a reader has that knows amendments. */
export function amended(events: readonly OomEvent[]): Kill[] {
  const kills = new Map<string, Kill>();
  for (const event of events) {
    if (event.kind === 'kill') kills.set(event.kill.id, event.kill);
    if (event.kind !== 'amendment') continue;
    const { id } = event.amendment;
    kills.set(id, amendedKill(kills.get(id)!, event.amendment));
  }
  return [...kills.values()];
}

/** Lines of the kernel, one after another; what a test does not give is ordinary. */
export function linesOf(...lines: (string | Partial<OomLine>)[]): OomLine[] {
  return lines.map((line, at) => ({
    seq: BigInt(at + 1),
    timestampUs: 1_000_000 + at * 10,
    priority: 6,
    flag: '-',
    text: '',
    ...(typeof line === 'string' ? { text: line } : line),
  }));
}

/** A fragment of a line, as kernels from 4.10 on store it. */
export function rest(text: string): Partial<OomLine> {
  return { text, flag: 'c', priority: 4 };
}

export function user(text: string): Partial<OomLine> {
  return { text, priority: 14 };
}
