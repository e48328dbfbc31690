import { setTimeout as pause } from 'node:timers/promises';
import { runningAgent } from './state-lock.js';

/** How soon an agent that waits for another one's end sees it. */
const lookEveryMs = 20;

/** An agent that changes how strict its lock is has none for a moment: it is not taken from it. */
const surelyMs = 5;

/** Until no agent runs with the folder, as far as this process may know, or `signal` is aborted. */
export async function untilFree(folder: string, signal: AbortSignal): Promise<void> {
  const waited = async (ms: number) => {
    await pause(ms, undefined, { signal }).catch(() => {});
  };
  while (!signal.aborted) {
    if (runningAgent(folder) === undefined) {
      await waited(surelyMs);
      if (runningAgent(folder) === undefined) return;
    }
    await waited(lookEveryMs);
  }
}
