import type { JournalledKill } from '../journal/kill-rows.js';

/**
 * Many kills in few bytes, for a page that counts, filters and lists them: columns instead of records, and every text
 * once. A text is its place in `texts`; -1 stands for what is not known.
 */
export interface KillIndex {
  texts: string[];
  row: number[];
  timeMs: number[];
  pid: number[];
  name: number[];
  scope: number[];
  namespace: number[];
  pod: number[];
  container: number[];
  cgroup: number[];
  usageKiB: number[];
  limitKiB: number[];
  /** Go on with `before=` this row; absent: there are no more. */
  next?: number;
}

/** What a list shows of a text; the whole is in the kill itself. */
const mostCharacters = 256;

const unknown = -1;

export function killIndex(kills: readonly JournalledKill[], next: number | undefined): KillIndex {
  const texts = new Map<string, number>();
  const place = (text: string | undefined): number => {
    if (text === undefined) return unknown;
    const shown = text.slice(0, mostCharacters);
    const found = texts.get(shown) ?? texts.size;
    texts.set(shown, found);
    return found;
  };
  const column = (value: (kill: JournalledKill) => number | undefined): number[] =>
    kills.map((kill) => value(kill) ?? unknown);
  const columns = {
    row: column(({ row }) => row),
    timeMs: column(timeMsOf),
    pid: column(({ kill }) => kill.victim?.pid),
    name: column(({ kill }) => place(kill.victim?.name)),
    scope: column(({ kill }) => place(kill.scope)),
    namespace: column(({ kill }) => place(kill.pod?.namespace)),
    pod: column(({ kill }) => place(kill.pod?.name ?? kill.pod?.uid)),
    container: column(({ kill }) => place(kill.pod?.container ?? kill.container?.id)),
    cgroup: column(({ kill }) => place(kill.cgroup?.victim)),
    usageKiB: column(({ kill }) => kill.memory?.usageKiB),
    limitKiB: column(({ kill }) => kill.memory?.limitKiB),
  };
  return { texts: [...texts.keys()], ...columns, ...(next !== undefined && { next }) };
}

/** Kernel time of the kill, else when it was recorded. */
export function timeMsOf({ kill, recordedMs }: JournalledKill): number {
  return kill.time === undefined ? recordedMs : Date.parse(kill.time);
}
