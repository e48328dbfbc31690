// Without the optional addon its types are there, and none of them is `any`; an option may be undefined as one that is passed
// on is, also under exactOptionalPropertyTypes.
import {
  type AddonLoad,
  type BatchMemory,
  type decodeLine,
  type KmsgSource,
  openNative,
  openSource,
  type WitnessRecord,
} from '@oomwatcher/kmsg';
import { type Capture, type WatchOptions, watch } from '@oomwatcher/watcher';

type IsAny<T> = 0 extends 1 & T ? true : false;

export const anys: [
  IsAny<AddonLoad['addon']>,
  IsAny<BatchMemory>,
  IsAny<WitnessRecord>,
  IsAny<BatchMemory['seq']>,
  IsAny<ReturnType<KmsgSource['stats']>>,
  IsAny<ReturnType<typeof decodeLine>>,
  IsAny<Capture>,
] = [false, false, false, false, false, false, false];

export function passedOn(given: { [Name in keyof WatchOptions]?: WatchOptions[Name] }) {
  const undefinedOptions: { [Name in keyof Required<WatchOptions>]: undefined } = {
    source: undefined,
    capture: undefined,
    from: undefined,
    cursor: undefined,
    reports: undefined,
    counts: undefined,
    warn: undefined,
    logger: undefined,
    signal: undefined,
    witness: undefined,
    witnessProgram: undefined,
    acknowledges: undefined,
  };
  watch(undefinedOptions).close();
  watch({ signal: given.signal, from: given.from }).close();
  // @ts-expect-error Misspelt.
  watch({ source: 'nativ' }).close();
  // @ts-expect-error There is no such option.
  watch({ form: 'boot' }).close();
  return openSource({ keep: { rules: [], fragments: true }, path: undefined, source: undefined });
}

export function ownSourceAndLogger() {
  watch({
    source: (wanted) => openNative({ ...wanted, ringBytes: 2 ** 25 }),
    logger: console,
  }).close();
  // @ts-expect-error A source is given at once.
  watch({ source: async (wanted) => openNative(wanted) }).close();
  // @ts-expect-error It has no method warn.
  watch({ logger: { info() {} } }).close();
}

export async function disposed(): Promise<bigint | undefined> {
  await using watcher = watch();
  for await (const kill of watcher) {
    const pid: number | undefined = kill.victim?.pid;
    if (pid === 1) break;
  }
  return watcher.unref().cursor?.seq;
}
