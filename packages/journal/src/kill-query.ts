import type { Scope } from '@oomwatcher/oom';

/** Which kills; all that is given must hold. */
export interface KillQuery {
  /** Kernel time of the kill, or when it was recorded if that is not known; milliseconds since the epoch, inclusive. */
  sinceMs?: number;
  /** Exclusive. */
  untilMs?: number;
  namespace?: string;
  pod?: string;
  container?: string;
  /** One of these, as their rows name them (`workloadsNamed`). */
  workloads?: readonly string[];
  /** The victim's. */
  name?: string;
  scope?: Scope;
  /** Only rows below this one: goes on after the last row of an earlier answer. */
  beforeRow?: number;
  limit: number;
}

export type Filter = Omit<KillQuery, 'limit' | 'beforeRow'>;

/** The WHERE of a question, and what stands for its question marks. */
export function conditions(query: Omit<KillQuery, 'limit'> & { afterRow?: number; row?: number }) {
  const all: [sql: string, value: string | number | undefined][] = [
    ['time_ms >= ?', query.sinceMs],
    ['time_ms < ?', query.untilMs],
    ['namespace = ?', query.namespace],
    ['pod = ?', query.pod],
    ['container = ?', query.container],
    [
      'workload IN (SELECT value FROM json_each(?))',
      query.workloads && JSON.stringify(query.workloads),
    ],
    ['name = ?', query.name],
    ['scope = ?', query.scope],
    ['row < ?', query.beforeRow],
    ['row > ?', query.afterRow],
    ['row = ?', query.row],
  ];
  const given = all.filter(
    (condition): condition is [string, string | number] => condition[1] !== undefined,
  );
  const where = given.length === 0 ? '' : `WHERE ${given.map(([sql]) => sql).join(' AND ')}`;
  return { where, values: given.map(([, value]) => value) };
}
