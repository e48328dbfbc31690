import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until the probe says yes. @throws when it has not after `timeoutMs` */
export async function until(
  what: string,
  probe: () => boolean | Promise<boolean>,
  timeoutMs = 300_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await probe())) {
    if (Date.now() > deadline) throw new Error(`not after ${timeoutMs} ms: ${what}`);
    await sleep(50);
  }
}
