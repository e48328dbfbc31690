import type { JournalledKill, ShownKill } from '@oomwatcher/journal';
import { timeMsOf, workloadKey, workloadOf } from '@oomwatcher/oom';

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
  workload: number[];
  usageKiB: number[];
  limitKiB: number[];
  /** 1: somebody asked for it (sysrq-f). */
  manual: number[];
  /** Go on with `before=` this row; absent: there are no more. */
  next?: number;
}

/** What a list shows of a text; the whole is in the kill itself. */
const maxCharacters = 256;

const unknown = -1;

export function killIndex(kills: readonly ShownKill[], next?: number): KillIndex {
  const texts = new Map<string, number>();
  const place = (text: string | undefined): number => {
    if (text === undefined) return unknown;
    const shown = text.slice(0, maxCharacters);
    const found = texts.get(shown) ?? texts.size;
    texts.set(shown, found);
    return found;
  };
  const column = (value: (kill: ShownKill) => number | undefined): number[] =>
    kills.map((kill) => value(kill) ?? unknown);
  const columns = {
    row: column(({ row }) => row),
    timeMs: column(({ timeMs }) => timeMs),
    pid: column(({ pid }) => pid),
    name: column(({ name }) => place(name)),
    scope: column(({ scope }) => place(scope)),
    namespace: column(({ namespace }) => place(namespace)),
    pod: column(({ pod }) => place(pod)),
    container: column(({ container }) => place(container)),
    cgroup: column(({ cgroup }) => place(cgroup)),
    workload: column(({ workload }) => place(workload)),
    usageKiB: column(({ usageKiB }) => usageKiB),
    limitKiB: column(({ limitKiB }) => limitKiB),
    manual: column(({ manual }) => Number(manual)),
  };
  return { texts: [...texts.keys()], ...columns, ...(next !== undefined && { next }) };
}

/** What a list shows of a kill that is there whole. */
export function shownOf({ row, kill, recordedMs }: JournalledKill): ShownKill {
  const workload = workloadOf(kill);
  return {
    row,
    timeMs: timeMsOf(kill, recordedMs),
    pid: kill.victim?.pid,
    name: kill.victim?.name,
    scope: kill.scope,
    namespace: kill.pod?.namespace,
    pod: kill.pod?.name ?? kill.pod?.uid,
    container: kill.pod?.container ?? kill.container?.name ?? kill.container?.id,
    cgroup: kill.cgroup?.victim,
    workload: workload && workloadKey(workload),
    usageKiB: kill.memory?.usageKiB,
    limitKiB: kill.memory?.limitKiB,
    manual: kill.trigger?.manual === true,
  };
}
