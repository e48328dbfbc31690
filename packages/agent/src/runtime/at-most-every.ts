/** Reads at most so often; in between it is what it was. */
export function atMostEvery<T>(everyMs: number, read: () => T): () => T {
  let last: { atMs: number; read: T } | undefined;
  return () => {
    const nowMs = performance.now();
    if (last === undefined || nowMs - last.atMs >= everyMs) last = { atMs: nowMs, read: read() };
    return last.read;
  };
}
