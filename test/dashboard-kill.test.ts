import { expect } from 'vitest';
import { temporaryFolder } from '../packages/kmsg/test/support/temporary.ts';
import { Browser } from './support/browser.ts';
import { agentWithPage } from './support/dashboard.ts';
import { builtAgent, chromium, needs, oomKills } from './support/needs.ts';
import { killReported } from './support/storm.ts';

needs(builtAgent, chromium, oomKills).it('the page shows a real kill as it happens', async () => {
  const folder = temporaryFolder();
  const { agent, url } = await agentWithPage(folder);
  await using _ = agent;
  await using browser = await Browser.open(url);
  await browser.page.waitForSelector('#connection[data-state=live]');
  const truth = await killReported({ comm: 'page-0' });
  await browser.page.getByText(`page-0 ${truth.pid}`).first().click();
  await browser.page.getByRole('heading', { name: 'What to do next' }).waitFor();
  const lines = browser.page.locator('details', { hasText: 'The kernel’s lines' });
  await lines.locator('summary').click();
  await lines.getByText(new RegExp(`Killed process ${truth.pid} \\(page-0\\)`)).waitFor();
  expect(await browser.page.locator('#kill-title').textContent()).toBe('page-0 was killed');
  expect(browser.complaints).toEqual([]);
  expect(browser.requests.filter((request) => !request.startsWith(url))).toEqual([]);
});
