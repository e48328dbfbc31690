/**
 * Finds the cgroup of kills that neither the log nor /proc placed, by arithmetic on the kernel's own counters.
 *
 * The kernel counts a kill (`oom_kill` of the victim's cgroup and of /proc/vmstat) before it prints the kill's line
 * (mm/oom_kill.c, __oom_kill_process). So at a sample taken after line i was read, the kill of line i is in the counts;
 * and if the cgroups' counts add up to vmstat's, nothing happened in a cgroup that is not watched. Then a kill belongs
 * to one of the cgroups whose count exceeds the kills already placed there, and where that is one cgroup, it is the
 * answer. Where it is not, there is no answer: nothing is guessed.
 *
 * Pure: counts in, places out. All counts are since the last `rebase`.
 */
export class Ledger {
  #order = 0;
  #openLines: OpenLine[] = [];
  #placed: Placed[] = [];
  /** Lines that were placed, since the last rebase, by path. */
  readonly #placedIn = new Map<string, number>();

  /** How many lines wait for a place. */
  get open(): number {
    return this.#openLines.length;
  }

  /** A kill line was read. Its place is unknown until `place` or a sample tells. */
  line(seq: bigint): void {
    this.#openLines.push({ seq, order: this.#order++, counts: undefined });
  }

  /** The log or /proc told the cgroup of the line. */
  place(seq: bigint, path: string): void {
    const index = this.#openLines.findIndex((line) => line.seq === seq);
    if (index < 0) return;
    const [line] = this.#openLines.splice(index, 1) as [OpenLine];
    this.#settle(line, path);
  }

  /** The line is given out without a place. */
  abandon(seq: bigint): void {
    this.#openLines = this.#openLines.filter((line) => line.seq !== seq);
  }

  /**
   * The counters as read now, after every line so far. `cgroups` must have been read before `total`, so that a kill
   * between the two shows as a difference and not as a certainty.
   *
   * @param cgroups kills counted by each cgroup of its own, for those that counted any
   * @param total kills counted by /proc/vmstat
   */
  sample(cgroups: ReadonlyMap<string, number>, total: number): void {
    const counts = new Map(cgroups);
    for (const [path, placed] of this.#placedIn) {
      if (placed > (counts.get(path) ?? 0)) counts.set(path, placed);
    }
    const explained = sum(counts.values());
    if (explained !== total) return;
    for (const line of this.#openLines) line.counts ??= counts;
  }

  /** The places that have become certain. */
  resolve(): { seq: bigint; path: string }[] {
    const found: { seq: bigint; path: string }[] = [];
    for (let progress = true; progress; ) {
      progress = false;
      for (const line of this.#openLines) {
        const path = this.#onlyCandidate(line);
        if (path === undefined) continue;
        this.#openLines.splice(this.#openLines.indexOf(line), 1);
        this.#settle(line, path);
        found.push({ seq: line.seq, path });
        progress = true;
        break;
      }
    }
    return found;
  }

  /** Forgets everything: the counters' present values are the new zero. */
  rebase(): void {
    this.#openLines = [];
    this.#placed = [];
    this.#placedIn.clear();
  }

  /** Kills placed in the cgroup since the last rebase. */
  placedIn(path: string): number {
    return this.#placedIn.get(path) ?? 0;
  }

  #settle(line: OpenLine, path: string): void {
    this.#placed.push({ order: line.order, path });
    this.#placedIn.set(path, this.placedIn(path) + 1);
  }

  #onlyCandidate(line: OpenLine): string | undefined {
    if (line.counts === undefined) return undefined;
    let candidate: string | undefined;
    for (const [path, count] of line.counts) {
      if (count <= this.#placedUpTo(line.order, path)) continue;
      if (candidate !== undefined) return undefined;
      candidate = path;
    }
    return candidate;
  }

  #placedUpTo(order: number, path: string): number {
    let count = 0;
    for (const placed of this.#placed) if (placed.order < order && placed.path === path) count++;
    return count;
  }
}

interface OpenLine {
  seq: bigint;
  order: number;
  /** The first complete sample after the line was read. */
  counts: ReadonlyMap<string, number> | undefined;
}

interface Placed {
  order: number;
  path: string;
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
