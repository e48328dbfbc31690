import { printable } from '@oomwatcher/explain';
import type { KillIndex } from '../api/kill-index.js';

const initialCapacity = 1024;
const unknown = -1;

const textColumns = [
  'name',
  'scope',
  'namespace',
  'pod',
  'container',
  'cgroup',
  'workload',
] as const;
const numberColumns = ['row', 'timeMs', 'pid', 'usageKiB', 'limitKiB'] as const;
export type TextColumn = (typeof textColumns)[number];

export function isTextColumn(name: string): name is TextColumn {
  return (textColumns as readonly string[]).includes(name);
}

type NumberColumn = (typeof numberColumns)[number];

/** The scope of a kill that somebody asked for (sysrq-f): the kernel calls it the node's, and nothing had run out there. */
export const askedFor = 'sysrq-f';

/**
 * The kills that the page knows, as columns of numbers: a hundred thousand of them are filtered and counted in a few
 * milliseconds. A kill is a slot; a text is its number in one table, printable from the moment it comes in.
 */
export class KillTable {
  readonly #texts: string[] = [];
  readonly #numberOf = new Map<string, number>();
  readonly #textIds = {} as Record<TextColumn, Int32Array>;
  readonly #numbers = {} as Record<NumberColumn, Float64Array>;
  #length = 0;
  #capacity = initialCapacity;
  /** Slots that came live, oldest first, and those of the past, newest first. */
  readonly #live: number[] = [];
  readonly #past: number[] = [];

  constructor() {
    for (const column of textColumns) this.#textIds[column] = new Int32Array(this.#capacity);
    for (const column of numberColumns) this.#numbers[column] = new Float64Array(this.#capacity);
  }

  get length(): number {
    return this.#length;
  }

  get texts(): readonly string[] {
    return this.#texts;
  }

  /** One column, by slot. Good until the next kill is added. */
  ids(column: TextColumn): Int32Array {
    return this.#textIds[column];
  }

  numbers(column: NumberColumn): Float64Array {
    return this.#numbers[column];
  }

  text(column: TextColumn, slot: number): string | undefined {
    return this.#texts[this.#textIds[column][slot] as number];
  }

  number(column: NumberColumn, slot: number): number | undefined {
    const value = this.#numbers[column][slot];
    return value === unknown ? undefined : value;
  }

  /** The highest row, 0 where there is none. */
  get newestRow(): number {
    const slot = this.#live.at(-1) ?? this.#past[0];
    return slot === undefined ? 0 : (this.#numbers.row[slot] as number);
  }

  slotOfRow(row: number): number | undefined {
    const slot = this.#numbers.row.subarray(0, this.#length).indexOf(row);
    return slot < 0 ? undefined : slot;
  }

  /** Kills older than all that are here, newest first. */
  addPast(index: KillIndex): void {
    this.#add(index, (slot) => this.#past.push(slot));
  }

  /** Kills newer than all that are here, oldest first. One that is here already is not added again. */
  addLive(index: KillIndex): void {
    const { newestRow } = this;
    this.#add(
      index,
      (slot) => this.#live.push(slot),
      (row) => row > newestRow,
    );
  }

  /** What became known of a kill later. */
  update(index: KillIndex): void {
    const texts = this.#translate(index);
    index.row.forEach((row, i) => {
      const slot = this.slotOfRow(row);
      if (slot !== undefined) this.#set(slot, index, i, texts);
    });
  }

  /** Every slot, newest first. */
  *slots(): Generator<number> {
    for (let i = this.#live.length - 1; i >= 0; i--) yield this.#live[i] as number;
    yield* this.#past;
  }

  /** The slots that pass, newest first. */
  select(passes: (slot: number) => boolean): Uint32Array {
    const found = new Uint32Array(this.#length);
    let length = 0;
    for (let i = this.#live.length - 1; i >= 0; i--) {
      const slot = this.#live[i] as number;
      if (passes(slot)) found[length++] = slot;
    }
    for (const slot of this.#past) if (passes(slot)) found[length++] = slot;
    return found.subarray(0, length);
  }

  #add(index: KillIndex, place: (slot: number) => void, wanted = (_row: number) => true): void {
    const texts = this.#translate(index);
    index.row.forEach((row, i) => {
      if (!wanted(row)) return;
      if (this.#length === this.#capacity) this.#grow();
      const slot = this.#length++;
      this.#set(slot, index, i, texts);
      place(slot);
    });
  }

  #set(slot: number, index: KillIndex, i: number, texts: readonly number[]): void {
    for (const column of numberColumns) this.#numbers[column][slot] = index[column][i] as number;
    for (const column of textColumns) {
      this.#textIds[column][slot] = texts[index[column][i] as number] ?? unknown;
    }
    if (index.manual[i] === 1) this.#textIds.scope[slot] = this.#idOf(askedFor);
  }

  /** The numbers that an index's texts have here. */
  #translate({ texts }: KillIndex): number[] {
    return texts.map((raw) => this.#idOf(printable(raw)));
  }

  #idOf(text: string): number {
    const known = this.#numberOf.get(text);
    if (known !== undefined) return known;
    this.#numberOf.set(text, this.#texts.length);
    return this.#texts.push(text) - 1;
  }

  #grow(): void {
    this.#capacity *= 2;
    for (const column of textColumns) {
      const wider = new Int32Array(this.#capacity);
      wider.set(this.#textIds[column]);
      this.#textIds[column] = wider;
    }
    for (const column of numberColumns) {
      const wider = new Float64Array(this.#capacity);
      wider.set(this.#numbers[column]);
      this.#numbers[column] = wider;
    }
  }
}
