// Writes docs/dashboard-{light,dark}.png: the agent's page while a real storm is over, as root on a machine that may have
// one: node scripts/screenshot.ts
import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Browser } from '../test/support/browser.ts';
import { agentWithPage } from '../test/support/dashboard.ts';
import { floodKernelLog, newestSeq, oldestSeq } from '../test/support/kernel-log.ts';
import { root } from '../test/support/paths.ts';
import { runStorm } from '../test/support/storm.ts';

/** A service whose processes are killed, again and again. */
interface Trouble {
  service: string;
  process: string;
  limitMiB: number;
  times: number;
  everyMs: number;
  /** Kills each time; default 1. */
  atOnce?: number;
}

/** Workers that die again each time they are restarted, and in between a storm for which the kernel withholds reports. */
const scenario: readonly Trouble[][] = [
  [
    { service: 'thumbnails', process: 'vips', limitMiB: 24, times: 12, everyMs: 2400 },
    { service: 'checkout', process: 'node', limitMiB: 32, times: 3, everyMs: 9000 },
  ],
  [{ service: 'search', process: 'indexer', limitMiB: 16, times: 3, everyMs: 1000, atOnce: 25 }],
  [
    { service: 'thumbnails', process: 'vips', limitMiB: 24, times: 9, everyMs: 2600 },
    { service: 'mailer', process: 'python3', limitMiB: 28, times: 2, everyMs: 8000 },
  ],
];

/** Kills that earlier work on this machine left in the log are not this picture's. */
function forgetEarlierKills(): void {
  const newest = newestSeq();
  while (oldestSeq() <= newest) floodKernelLog(2000);
}

async function cause({ service, process, limitMiB, times, everyMs, atOnce = 1 }: Trouble) {
  for (let i = 0; i < times; i++) {
    await runStorm({
      kills: atOnce,
      cgroups: [`/system.slice/${service}.service`],
      comm: process,
      limitKiB: limitMiB * 1024,
    });
    await sleep(everyMs);
  }
}

using folder = mkdtempDisposableSync(join(tmpdir(), 'oomwatcher-screenshot-'));
forgetEarlierKills();
const { agent, url } = await agentWithPage(folder.path);
await using _ = agent;
for (const troubles of scenario) await Promise.all(troubles.map(cause));
await using browser = await Browser.open(url);
const { page } = browser;
await page.waitForSelector('#connection[data-state=live]');
await page.locator('.row').first().waitFor();
for (const colorScheme of ['light', 'dark'] as const) {
  await page.emulateMedia({ colorScheme });
  await page.screenshot({ path: join(root, `docs/dashboard-${colorScheme}.png`) });
}
