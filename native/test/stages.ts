import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { KmsgReader, OomWitness, type ReaderOptions } from '../index.js';
import { allocateBatch } from './batch.ts';

const everything: ReaderOptions = { keep: { rules: [], fragments: true }, snapshots: [] };

// Markers that many records of any boot log have before a number.
const manySnapshots: ReaderOptions = {
  ...everything,
  snapshots: [' ', '[', ':', '=', '-', '('].map((marker) => ({
    marker,
    folder: '/proc/self',
    files: ['cgroup', 'status', 'maps', 'limits', 'mountinfo', 'environ'],
  })),
};

/** References that keep a reader from being collected before its stage is reached. */
const alive: KmsgReader[] = [];
const witnesses: OomWitness[] = [];

function open(options: ReaderOptions, onWake: (reader: KmsgReader) => void): KmsgReader {
  const reader = new KmsgReader(options, () => onWake(reader));
  alive.push(reader);
  return reader;
}

/** undefined: the kernel refuses it here, and then there is nothing to disturb. */
function openWitness(): OomWitness | undefined {
  try {
    const witness = new OomWitness({ ringBytes: 64 * 1024 }, () => {});
    witnesses.push(witness);
    return witness;
  } catch {
    return undefined;
  }
}

function drain(reader: KmsgReader): void {
  const batch = allocateBatch();
  while (reader.read(batch) > 0);
}

function busyFor(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

/** Goes through every method of the class, the failing ways too. */
export function useOnce(): void {
  const reader = new KmsgReader(manySnapshots, () => {});
  reader.read(allocateBatch(1));
  reader.stats();
  for (const misuse of [
    () => reader.read(undefined as never),
    () => reader.read({ ...allocateBatch(1), lost: undefined as never }),
    () => new KmsgReader({ ...everything, path: '/dev/null' }, () => {}),
    () => new KmsgReader(undefined as never, () => {}),
  ]) {
    try {
      misuse();
    } catch {}
  }
  reader.close();
}

/** Each brings a reader to a stage of its life and calls `then` right there. */
export const stages: Record<string, (then: () => void) => void> = {
  created(then) {
    open(everything, () => {});
    then();
  },
  waiting(then) {
    open(everything, (reader) => {
      drain(reader);
      setTimeout(then, 2);
    });
  },
  reading(then) {
    const batch = allocateBatch(10);
    open(everything, (reader) => {
      reader.read(batch);
      then();
      reader.read(batch);
    });
  },
  snapshotting(then) {
    open(manySnapshots, drain);
    busyFor(Math.random() * 5);
    then();
  },
  'waiting for space in the ring'(then) {
    open({ ...everything, ringBytes: 64 * 1024 }, () => {});
    setTimeout(then, 5);
  },
  closed(then) {
    const reader = open(everything, () => {});
    busyFor(Math.random());
    reader.close();
    reader.close();
    then();
  },
  'closed in its own wake'(then) {
    open(everything, (reader) => {
      reader.close();
      reader.close();
      then();
    });
  },
  'a witness, created'(then) {
    openWitness();
    then();
  },
  'a witness, closed'(then) {
    const witness = openWitness();
    busyFor(Math.random());
    witness?.read();
    witness?.stats();
    witness?.close();
    witness?.close();
    then();
  },
  'a witness, collected without close'(then) {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    for (let i = 0; i < 3; i++) openWitness();
    witnesses.length = 0;
    collect();
    setImmediate(then);
  },
  'failed to open'(then) {
    try {
      open({ ...everything, path: '/dev/null' }, () => {});
    } catch {
      then();
    }
  },
  'collected without close'(then) {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    for (let i = 0; i < 5; i++) new KmsgReader(everything, () => {});
    collect();
    setImmediate(then);
  },
};
