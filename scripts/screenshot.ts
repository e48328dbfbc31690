// Writes docs/dashboard-{light,dark}.png: the page of the agent as it is built, over kills of a shop's pods.
import { join } from 'node:path';
import { Browser } from '../test/support/browser.ts';
import { fillJournal, podKills, servePage } from '../test/support/dashboard.ts';
import { root } from '../test/support/paths.ts';
import { temporaryFolder } from '../test/support/temporary.ts';

using folder = temporaryFolder();
const hourMs = 60 * 60 * 1000;
const count = 120;
/** More of them the later it gets, in bursts. */
const timeOf = (i: number) =>
  Date.now() - 20 * hourMs * (1 - i / count) ** 1.6 * (0.9 + 0.1 * Math.cos(i / 4));
fillJournal(
  folder.path,
  podKills(count, (i) => ({ time: new Date(timeOf(i)).toISOString() })),
);
await using server = await servePage(folder.path);
await using browser = await Browser.open(server.url);
const { page } = browser;
await page.waitForSelector('#connection[data-state=live]');
await page.locator('.row').first().waitFor();
for (const colorScheme of ['light', 'dark'] as const) {
  await page.emulateMedia({ colorScheme });
  await page.screenshot({ path: join(root, `docs/dashboard-${colorScheme}.png`) });
}
