/**
 * Finds the cgroup of kills that neither the log nor /proc placed, by arithmetic on the kernel's own counters.
 *
 * The kernel counts a kill, in its cgroup and for the node, before it prints the kill's line (mm/oom_kill.c,
 * __oom_kill_process). So whenever the node's count equals the lines read, the counts and the lines tell of the same
 * kills; and between two such moments, the cgroups whose counts rose are those of the lines read: a window. If all of
 * a window's rise is in one cgroup, or in one that is left after the log and /proc have placed the others, that is the
 * answer. Otherwise there is none: nothing is guessed.
 *
 * Pure: counts in, places out.
 */
export class Ledger {
  #current: Line[] = [];
  #windows: Window[] = [];

  /** Lines read since the last window was closed. */
  get linesInWindow(): number {
    return this.#current.length;
  }

  /** Whether the line's place may still be found. */
  isOpen(seq: bigint): boolean {
    const line = this.#find(seq);
    return line !== undefined && line.path === undefined && !line.abandoned;
  }

  /** A kill line was read. Past the bound the window is forgotten: its lines stay without a place. */
  line(seq: bigint): void {
    if (this.#current.length === mostLines) this.#current = [];
    this.#current.push({ seq, path: undefined, abandoned: false });
  }

  /** The log or /proc told the cgroup of the line's victim. */
  place(seq: bigint, path: string): void {
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
    if (this.#current.length > 0) this.#windows.push({ lines: this.#current, rise });
    this.#current = [];
    if (this.#windows.length > mostWindows) this.#windows.shift();
  }

  /** The places that have become certain; each is told once. */
  resolve(): { seq: bigint; path: string }[] {
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

  /** Ends the current window without learning from it, and tells which of its lines were placed where. */
  dropWindow(): (string | undefined)[] {
    const places = this.#current.map((line) => line.path);
    this.#current = [];
    return places;
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
const mostLines = 4096;

/** Windows are open for milliseconds; more at once means that nobody asks any more. */
const mostWindows = 256;

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
  const left = new Map(rise);
  let explained = 0;
  for (const { path } of lines) {
    if (path === undefined) continue;
    explained++;
    left.set(path, Math.max(0, (left.get(path) ?? 0) - 1));
  }
  for (const [path, count] of left) {
    if (count === 0) left.delete(path);
    explained += count;
  }
  return explained === lines.length ? left : undefined;
}
