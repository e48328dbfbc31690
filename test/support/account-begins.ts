import { hasRun } from './process-usage.ts';

/**
 * Until the account of an agent that has just started begins: when no kill came for a quarter of a second (calmMs in
 * packages/watcher/src/attribution/counted-lines.ts), which there is in a second though others kill once a second. Kills
 * before that are given out, but no counter helps to place them.
 */
export async function accountBegins(pid: number): Promise<void> {
  await hasRun(pid, 1000);
}
