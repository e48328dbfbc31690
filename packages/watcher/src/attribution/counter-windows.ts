/**
 * Finds the cgroup of kills that neither the log nor /proc placed, by arithmetic on the kernel's own counters.
 *
 * The kernel counts a kill, in its cgroup and for the node, before it prints the kill's line (mm/oom_kill.c,
 * __oom_kill_process). So whenever the node's count equals the lines read, the counts and the lines are of the same
 * kills; and between two such moments, the cgroups whose counts rose are those of the lines read: a window. If all of
 * a window's rise is in one cgroup, or in one that is left after the log and /proc have placed the others, that is the
 * answer. Otherwise there is none: nothing is guessed.
 *
 * Pure: counts in, places out.
 */
export class CounterWindows {
  #current: Line[] = [];
  /** Lines of the current window that were too many to keep. They were of kills all the same. */
  #forgotten = 0;
  #windows: Window[] = [];

  /** Lines read since the last window was closed. */
  get linesInWindow(): number {
    return this.#current.length + this.#forgotten;
  }

  /** Whether the line's place may still be found. */
  isOpen(seq: bigint): boolean {
    const line = this.#find(seq);
    return line !== undefined && line.path === undefined && !line.abandoned;
  }

  /** A kill line was read. Past the bound it and those before it stay without a place, and are only counted. */
  killLine(seq: bigint): void {
    if (this.#current.length === maxLines) {
      this.#forgotten += maxLines;
      this.#current = [];
    }
    this.#current.push({ seq, path: undefined, abandoned: false });
  }

  /** The log or /proc knows the cgroup of the line's victim. */
  placed(seq: bigint, path: string): void {
    const line = this.#find(seq);
    if (line !== undefined) line.path ??= path;
  }

  /** Nobody waits for the line's place any more; it still says that one more kill was somewhere. */
  abandon(seq: bigint): void {
    const line = this.#find(seq);
    if (line !== undefined) line.abandoned = true;
  }

  /** The node's count equals the lines read. `rise`: by how much each cgroup's own count rose in this window. */
  closeWindow(rise: ReadonlyMap<string, number>): void {
    // Where the forgotten ones happened is in the same rise, so that it says nothing of the others.
    if (this.#current.length > 0 && this.#forgotten === 0) {
      this.#windows.push({ lines: this.#current, rise });
    }
    this.dropWindow();
    if (this.#windows.length > maxWindows) this.#windows.shift();
  }

  /** The places that have become certain, each once. */
  takePlaces(): { seq: bigint; path: string }[] {
    const found: { seq: bigint; path: string }[] = [];
    for (const { lines, rise } of this.#windows) {
      const left = unplaced(lines, rise);
      if (left?.size !== 1) continue;
      const [path] = left.keys() as Iterable<string> as [string];
      for (const line of lines) {
        if (line.path !== undefined) continue;
        line.path = path;
        if (!line.abandoned) found.push({ seq: line.seq, path });
      }
    }
    this.#windows = this.#windows.filter(({ lines }) =>
      lines.some((line) => line.path === undefined && !line.abandoned),
    );
    return found;
  }

  /** Ends the current window without learning from it. */
  dropWindow(): void {
    this.#current = [];
    this.#forgotten = 0;
  }

  /**
   * Ends the current window, of which lines were lost. Gives one entry for each kill without a line: its cgroup where
   * that is certain.
   *
   * A cgroup's rise is of lines that were placed in it, of lines that nobody could place, and of lost lines. There are
   * only so many that nobody could place: whatever a cgroup rose beyond them all was lost.
   *
   * @param total by how much the node's count rose, when every line that is left had been read
   * @param linesRead how many lines of the window had been read then; those after them say nothing of what was lost
   */
  takeLost(
    rise: ReadonlyMap<string, number>,
    total: number,
    linesRead = this.linesInWindow,
  ): (string | undefined)[] {
    const forgotten = Math.min(this.#forgotten, linesRead);
    const lines = this.#current.slice(0, linesRead - forgotten);
    const lost = Math.max(0, total - linesRead);
    const unknown = forgotten + lines.filter(({ path }) => path === undefined).length;
    this.dropWindow();
    const certain = [...left(lines, rise)].flatMap(([path, count]) =>
      new Array<string>(Math.max(0, count - unknown)).fill(path),
    );
    // More than were lost: a line of before this window was counted in it, and nothing is certain.
    if (certain.length > lost) return new Array<undefined>(lost).fill(undefined);
    return [...certain, ...new Array<undefined>(lost - certain.length).fill(undefined)];
  }

  #find(seq: bigint): Line | undefined {
    for (const lines of [this.#current, ...this.#windows.map((window) => window.lines)]) {
      const line = lines.find((candidate) => candidate.seq === seq);
      if (line !== undefined) return line;
    }
    return undefined;
  }
}

/** A window ends when the counters agree with the lines; after a loss they do not for as long as the storm lasts. */
const maxLines = 4096;

/** Windows are open for milliseconds; more at once means that nobody asks any more. */
const maxWindows = 256;

interface Line {
  readonly seq: bigint;
  path: string | undefined;
  abandoned: boolean;
}

interface Window {
  readonly lines: readonly Line[];
  readonly rise: ReadonlyMap<string, number>;
}

/**
 * The kills of the window that no line was placed for, by cgroup. undefined: the rise does not explain every line, so
 * that one may have happened in a cgroup that nobody watches.
 */
function unplaced(
  lines: readonly Line[],
  rise: ReadonlyMap<string, number>,
): Map<string, number> | undefined {
  const rest = left(lines, rise);
  let explained = lines.filter(({ path }) => path !== undefined).length;
  for (const count of rest.values()) explained += count;
  return explained === lines.length ? rest : undefined;
}

/** The rise without the lines that were placed. */
function left(lines: readonly Line[], rise: ReadonlyMap<string, number>): Map<string, number> {
  const rest = new Map(rise);
  for (const { path } of lines) {
    if (path !== undefined) rest.set(path, (rest.get(path) ?? 0) - 1);
  }
  for (const [path, count] of rest) if (count <= 0) rest.delete(path);
  return rest;
}
