import { type Kill, type KillCgroup, killId, placeKill } from '@oomwatcher/oom';

/**
 * A kill of which no line is left.
 *
 * @param number by the kernel's count, which only grows: no number comes twice in one boot
 * @param path its cgroup, where that is known
 */
export function lostKill(
  bootId: string,
  number: number,
  path: string | undefined,
  from: NonNullable<KillCgroup['from']>,
): Kill {
  const kill: Kill = {
    schema: 'oomwatcher.kill/v1',
    id: killId(bootId, `c${number}`),
    bootId,
    complete: false,
  };
  return path === undefined ? kill : placeKill(kill, path, from);
}
