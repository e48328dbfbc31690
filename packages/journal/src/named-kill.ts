import type { Kill } from '@oomwatcher/oom';

/** What the cluster says of a kill's pod. */
export type PodNames = Omit<NonNullable<Kill['pod']>, 'uid'>;

/**
 * The kill with the names of its pod; undefined: it is of none.
 *
 * @param runtime of its container, where the cgroup's path has not said it
 */
export function namedKill(kill: Kill, names: PodNames, runtime?: string): Kill | undefined {
  const { pod, container, ...rest } = kill;
  if (pod === undefined) return undefined;
  return {
    ...rest,
    ...(container !== undefined && { container: { ...(runtime && { runtime }), ...container } }),
    pod: { ...pod, ...names },
  };
}
