import { setTimeout as sleep } from 'node:timers/promises';
import {
  type OomWitness,
  openOomWitness,
  type WitnessOptions,
  type WitnessRecord,
} from '@oomwatcher/kmsg';

/** Collects what a witness in the kernel tells. */
export class Witness implements Disposable {
  readonly records: WitnessRecord[] = [];
  readonly #witness: OomWitness;

  constructor(options: WitnessOptions = {}) {
    this.#witness = openOomWitness(options, () => this.#read());
  }

  kills(): WitnessRecord[] {
    return this.records.filter(({ kind }) => kind === 'kill');
  }

  stats() {
    return this.#witness.stats();
  }

  /** Until all that it was told has been read. */
  async settle(): Promise<void> {
    do {
      await sleep(50);
      this.#read();
    } while (
      this.#witness.stats().taken + (this.#witness.stats().dropped ?? 0) <
      (this.#witness.stats().told ?? 0)
    );
  }

  [Symbol.dispose](): void {
    this.#witness.close();
  }

  #read(): void {
    for (let read = this.#witness.read(); read.length > 0; read = this.#witness.read())
      this.records.push(...read);
  }
}

export function pathOf({ levels = [] }: Pick<WitnessRecord, 'levels'>): string {
  const names = levels.map(({ name }) => name).filter((name) => name !== '');
  return `/${names.reverse().join('/')}`;
}
