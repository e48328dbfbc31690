import { type OomEvent, placeKill } from '@oomwatcher/oom';
import type { Placement } from './placement.js';

/**
 * How long a kill without a cgroup waits for the counters to tell it: a kill that the log or /proc places meanwhile
 * leaves one answer fewer.
 */
const placeWithinMs = 20;

/** Gives events out in order. A kill that nobody has placed waits for the counters, and what is behind it waits too. */
export class Outbox {
  readonly #placement: Placement | undefined;
  #waiting: Waiting[] = [];
  /** Places that the counters told, also of kills that are still in the machine. */
  readonly #found = new Map<bigint, string>();

  constructor(placement: Placement | undefined) {
    this.#placement = placement;
  }

  add(events: readonly OomEvent[], nowMs: number): void {
    for (const event of events) {
      this.#tellPlacement(event);
      this.#waiting.push({ event, sinceMs: nowMs });
    }
  }

  /** The next event that can be given out. `atEnd`: nothing is waited for any more. */
  take(nowMs: number, atEnd = false): OomEvent | undefined {
    for (const { seq, path } of this.#placement?.resolve() ?? []) this.#found.set(seq, path);
    const [first] = this.#waiting;
    if (first === undefined) return undefined;
    const { event, sinceMs } = first;
    if (this.#placement?.mayTell(event.seq)) {
      if (!atEnd && nowMs - sinceMs < placeWithinMs) return undefined;
      this.#placement.abandon(event.seq);
    }
    this.#waiting.shift();
    const placed = this.#placed(event);
    this.#found.delete(event.seq);
    return placed;
  }

  /** Milliseconds until `take` gives the next event out; undefined when nothing waits. */
  waitMs(nowMs: number): number | undefined {
    const [first] = this.#waiting;
    return first === undefined ? undefined : Math.max(0, first.sinceMs + placeWithinMs - nowMs);
  }

  get heldSeq(): bigint | undefined {
    return this.#waiting[0]?.event.seq;
  }

  #placed(event: OomEvent): OomEvent {
    const path = this.#found.get(event.seq);
    if (path === undefined || event.kind !== 'kill' || event.kill.cgroup?.victim !== undefined) {
      return event;
    }
    return { ...event, kill: placeKill(event.kill, path, 'counter') };
  }

  #tellPlacement(event: OomEvent): void {
    if (this.#placement === undefined) return;
    if (event.kind === 'kill' && event.kill.cgroup?.victim !== undefined) {
      this.#placement.place(event.seq, event.kill.cgroup.victim);
    } else if (event.kind === 'repeat') {
      if (event.cgroup === undefined) this.#placement.abandon(event.seq);
      else this.#placement.place(event.seq, event.cgroup);
    }
  }
}

interface Waiting {
  event: OomEvent;
  sinceMs: number;
}
