import { unescapeText } from '../escape.js';
import type { KernelLine } from '../kernel-line.js';
import type { Kill } from '../kill.js';
import { OomMachine } from '../machine.js';
import { captures } from './captures.js';

/** What there is a kill of, each from a real kernel's log. docs/library.md says what each shows. */
export type SampleName = keyof typeof captures;

/** Every name that there is, for a test that goes through all. */
export const sampleNames = Object.keys(captures) as readonly SampleName[];

/** Where and when a sample happens. */
export interface SampleOptions {
  /** A boot's id: the kill has it, and an id as of a live watch. Default: as of a capture without one. */
  bootId?: string | undefined;
  /** When that boot began: the kill has a `time`. Default: it has none, as a capture. */
  bootedAt?: Date | undefined;
}

/**
 * The first kill of the sample (of `withheld` the last one) as the parser gives it, new at each call: whoever changes it changes no other test's. What only a live watch knows
 * (`cgroup.from` other than `log`, `witnessed`, `sharers`, the names of a pod) none has.
 *
 * @throws RangeError for a name that there is not.
 */
export function sampleKill(name: SampleName, options?: SampleOptions): Kill {
  const kills = sampleKills(name, options);
  return name === 'withheld' ? (kills.at(-1) as Kill) : kills[0];
}

/**
 * All kills of the sample's capture: five of `group`, ten with a report before the one of `withheld`, else the one that
 * `sampleKill` gives.
 *
 * @throws RangeError for a name that there is not.
 */
export function sampleKills(
  name: SampleName,
  { bootId, bootedAt }: SampleOptions = {},
): [Kill, ...Kill[]] {
  const machine = new OomMachine({ bootId, live: false });
  const bootedUs = bootedAt === undefined ? undefined : bootedAt.getTime() * 1000;
  let lastSeq: bigint | undefined;
  for (const line of linesOf(captureOf(name))) {
    if (lastSeq !== undefined && line.seq > lastSeq + 1n) machine.lost();
    lastSeq = line.seq;
    const { timestampUs = 0 } = line;
    machine.push(bootedUs === undefined ? line : { ...line, wallTimeUs: bootedUs + timestampUs });
  }
  machine.flush();
  const kills = machine.take().flatMap((event) => (event.kind === 'kill' ? [event.kill] : []));
  return kills as [Kill, ...Kill[]];
}

/**
 * The capture itself, records as /dev/kmsg gives them: for `watch({ capture })`, or `parse` of @oomwatcher/logs/parse. New at
 * each call.
 *
 * @throws RangeError for a name that there is not.
 */
export function sampleCapture(name: SampleName): Uint8Array {
  return Uint8Array.from(captureOf(name), (character) => character.charCodeAt(0));
}

function captureOf(name: SampleName): string {
  if (Object.hasOwn(captures, name)) return captures[name];
  throw new RangeError(`there is no sample "${name}": name one of ${sampleNames.join(', ')}`);
}

function* linesOf(capture: string): Generator<KernelLine> {
  for (const [, priority, seq, timestampUs, flag, text] of capture.matchAll(
    /^(\d+),(\d+),(\d+),(.)[^;]*;(.*)$/gm,
  )) {
    yield {
      seq: BigInt(seq as string),
      timestampUs: Number(timestampUs),
      priority: Number(priority),
      flag: flag as string,
      text: unescapeText(text as string),
    };
  }
}
