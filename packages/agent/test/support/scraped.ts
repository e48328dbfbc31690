import { setTimeout as sleep } from 'node:timers/promises';

type Ask = (path: string) => Promise<Response>;

/** Ends what hangs. */
const deadlineMs = 300_000;

/**
 * Waits until the series of one metric add up to a value, whatever their labels are: labels are for the test to compare,
 * once. @returns the whole page
 * @throws at once when there is no metric of that name
 */
export async function untilMetric(ask: Ask, name: string, value: number): Promise<string> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const page = await (await ask('/metrics')).text();
    if (!page.includes(`# TYPE ${name} `)) throw new Error(`there is no metric ${name}`);
    const series = page.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'gm'));
    const sum = [...series].reduce((all, [, one]) => all + Number(one), 0);
    if (sum === value) return page;
    if (Date.now() > deadline) throw new Error(`${name} is ${sum}, and never was ${value}`);
    await sleep(20);
  }
}
