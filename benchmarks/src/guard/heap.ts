import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { decodeLine, openPortable, type PortableIo, RowKind } from '@oomwatcher/kmsg';
import { keepFilter, OomMachine } from '@oomwatcher/oom';
import { unrelatedCapture } from '../replay/kernel-records.ts';
import { stormCapture } from '../replay/replay-storm.ts';
import { median } from '../support/statistics.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** The compiler itself allocates in the first rounds. A round is small enough that no collection falls into it. */
const rounds = 25;
const warmUp = 10;

/**
 * The portable source pauses by the clock, and a pause costs some objects: on a slow machine up to 70 bytes a record in one round,
 * and 13 in the best of 15 rounds of 20,000. Among so many there is one with few pauses.
 */
const roundsOfUnwanted = 60;
const unwantedRecords = 60_000;

export async function portableReadsPerRecord(): Promise<number> {
  const io = new MemoryIo(unrelatedCapture(20_000));
  await readToEnd(io);
  return io.reads / io.records;
}

export async function heapPerUnwantedRecord(): Promise<number> {
  const io = new MemoryIo(unrelatedCapture(unwantedRecords));
  // The least: the compiler allocates in some rounds, an object for each record would be there in all.
  return Math.min(...(await heapPerItem(() => readToEnd(io), unwantedRecords, roundsOfUnwanted)));
}

/** @param reportEvery 0: the kernel withheld all reports. */
export async function heapPerKill(reportEvery: 0 | 1): Promise<number> {
  const kills = reportEvery === 0 ? 500 : 30;
  const capture = stormCapture({
    kills,
    reportEvery: reportEvery === 0 ? kills : 1,
    tasks: 10,
    unrelated: 0,
  });
  const io = new MemoryIo(capture);
  return median(await heapPerItem(() => readToEnd(io), kills));
}

async function heapPerItem(
  round: () => Promise<void>,
  items: number,
  times = rounds,
): Promise<number[]> {
  const perItem: number[] = [];
  for (let i = 0; i < times; i++) {
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    await round();
    perItem.push((process.memoryUsage().heapUsed - before) / items);
  }
  return perItem.slice(warmUp);
}

/** Reads until the source has read all records that the device has in this round, through the machine. */
async function readToEnd(io: MemoryIo): Promise<void> {
  const machine = new OomMachine();
  const source = openPortable({ keep: keepFilter, io });
  for (;;) {
    const batch = await source.next();
    if (batch === undefined) return;
    for (let row = 0; row < batch.length; row++) {
      if (batch.memory.kind[row] === RowKind.record) machine.push(decodeLine(batch.memory, row));
      if (batch.memory.kind[row] === RowKind.caughtUp) source.close();
    }
    machine.take();
  }
}

/** The device of the portable source, in memory; EAGAIN at the end of each opening. */
class MemoryIo implements PortableIo {
  reads = 0;
  records = 0;
  readonly #records: Uint8Array[];
  #next = 0;

  constructor(capture: string) {
    this.#records = capture.match(/[^\n]*\n/g)?.map((text) => Buffer.from(text, 'latin1')) ?? [];
  }

  open(): number {
    this.#next = 0;
    return 0;
  }

  isKmsg(): boolean {
    return true;
  }

  read(_fd: number, target: Uint8Array, offset: number): number {
    this.reads++;
    const record = this.#records[this.#next++];
    if (record === undefined) throw Object.assign(new Error('dry'), { code: 'EAGAIN' });
    this.records++;
    target.set(record, offset);
    return record.length;
  }

  close(): void {}

  openFolder(): number {
    return 0;
  }

  readFile(): number {
    return 0;
  }

  monotonicUs(): number {
    return 0;
  }

  realtimeUs(): number {
    return 0;
  }
}
