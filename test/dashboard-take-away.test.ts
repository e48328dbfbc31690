import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { csvHeader } from '@oomwatcher/dashboard';
import type { Kill } from '@oomwatcher/oom';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { temporaryFolder } from '../packages/kmsg/test/support/temporary.ts';
import { Browser } from './support/browser.ts';
import { fillJournal, podKills, servePage } from './support/dashboard.ts';
import { builtAgent, chromium, needs } from './support/needs.ts';
import { root } from './support/paths.ts';

const live = (page: Page) => page.waitForSelector('#connection[data-state=live]');
const fixture = (name: string) =>
  readFileSync(join(root, 'packages/oom/test/fixtures', name), 'utf8');
const report = fixture('6.1.0-56--c-group.kmsg');

/** As a browser sends it: the event alone tells the page what is in the clipboard. */
async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate((pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
  }, text);
}

async function saved(page: Page, name: string): Promise<string> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: `Save the kills shown as ${name}` }).click();
  return readFileSync(await (await download).path(), 'utf8');
}

needs(builtAgent, chromium).describe('what goes in and out of the page', () => {
  const { it } = needs();

  it('a report from the clipboard is explained, pasted on the page or into its box', async () => {
    await using server = await servePage(temporaryFolder());
    await using browser = await Browser.open(server.url);
    const { page } = browser;
    await live(page);
    await paste(page, report);
    await page.getByRole('heading', { name: '5 kills in pasted text.' }).waitFor();
    await page.getByRole('option').first().click();
    await page.locator('#kill-title').waitFor();
    await page.getByRole('button', { name: 'Paste a report…' }).click();
    const box = page.getByRole('dialog');
    await box.locator('textarea').fill('a/b: no log');
    await page.keyboard.press('/');
    expect(await box.locator('textarea').inputValue()).toContain('log/');
    // Escape is the box's own: the kill stays open behind it.
    await page.keyboard.press('Escape');
    await box.waitFor({ state: 'hidden' });
    await page.locator('#kill-title').waitFor();
    await page.getByRole('button', { name: 'Paste a report…' }).click();
    await box.locator('textarea').fill(fixture('6.1.0-56--a-single.kmsg'));
    await box.getByRole('button', { name: 'Explain' }).click();
    await page.getByRole('heading', { name: '1 kill in pasted text.' }).waitFor();
    await page.getByRole('button', { name: 'Paste a report…' }).click();
    await box.locator('textarea').fill('Dear all,\nthe server is slow.\n');
    await box.getByRole('button', { name: 'Explain' }).click();
    await page.getByText('pasted text is no log').waitFor();
    expect(browser.requests.filter((request) => !request.startsWith(server.url))).toEqual([]);
    expect(browser.complaints).toEqual([]);
  });

  it('text that is pasted into the search is searched for', async () => {
    const folder = temporaryFolder();
    fillJournal(folder, podKills(8));
    await using server = await servePage(folder);
    await using browser = await Browser.open(server.url);
    const { page } = browser;
    await live(page);
    await page.evaluate(() => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', 'checkout');
      const search = document.getElementById('search') as HTMLInputElement;
      search.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
    });
    expect(await page.locator('#faults').isHidden()).toBe(true);
    expect(await page.locator('#node').textContent()).toBe('worker-3');
  });

  it('saves the kills that are shown, whole, and none that the filter leaves out', async () => {
    const folder = temporaryFolder();
    const kills = podKills(900, (i) => (i % 7 === 0 ? { victim: { pid: i, name: '=1+1' } } : {}));
    fillJournal(folder, kills);
    await using server = await servePage(folder);
    await using browser = await Browser.open(server.url);
    const { page } = browser;
    await live(page);
    await page.locator('#count', { hasText: /^900$/ }).waitFor();
    expect(JSON.parse(await saved(page, 'JSON'))).toEqual(kills.toReversed());
    await page.getByText('900 kills saved.').waitFor();
    await page.fill('#search', '=1+1');
    await page.locator('#count', { hasText: /^129 of 900$/ }).waitFor();
    const some = JSON.parse(await saved(page, 'JSON')) as Kill[];
    expect(some).toEqual(kills.filter((_, i) => i % 7 === 0).toReversed());
    const [header, first, ...rest] = (await saved(page, 'CSV')).trimEnd().split('\r\n');
    expect(header).toBe(csvHeader);
    // No spreadsheet computes the name of a process.
    expect(first).toContain(",'=1+1,");
    expect(rest).toHaveLength(128);
    await paste(page, report);
    await page.getByRole('heading', { name: /^5 kills in/ }).waitFor();
    expect(JSON.parse(await saved(page, 'JSON'))).toHaveLength(5);
    expect(browser.complaints).toEqual([]);
  });

  it('copies a kill as Markdown with its address, in which no name is a link or HTML', async () => {
    const folder = temporaryFolder();
    const victim = { pid: 7, name: '[x](http://y)', anonRssKiB: 200_000 };
    const lines = ['[    1.000000] Killed process 7 (`````)'];
    fillJournal(
      folder,
      podKills(2, (i) => ({ victim: { ...victim, pid: i } })),
      () => ({ lines }),
    );
    await using server = await servePage(folder);
    await using browser = await Browser.open(`${server.url}/#kill/2`);
    const { page } = browser;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const copy = async () => {
      await page.getByRole('button', { name: 'Copy as Markdown' }).click();
      await page.getByText('The kill is copied as Markdown.').waitFor();
      return page.evaluate(() => navigator.clipboard.readText());
    };
    const markdown = await copy();
    expect(markdown).toMatch(/^### \\\[x\\\]\(http:\/\/y\) was killed\n/);
    expect(markdown).toContain('It ran in container checkout of pod shop/checkout-1.');
    expect(markdown).toContain('- **Whose limit:** ');
    expect(markdown).toContain(`\n\`\`\`\`\`\`text\n${lines[0]}\n\`\`\`\`\`\`\n`);
    expect(markdown.trimEnd().endsWith(`<${server.url}/#kill/2>`)).toBe(true);
    // By plain HTTP from elsewhere a browser gives no clipboard: the command of old does it.
    await page.evaluate(async () => {
      await navigator.clipboard.writeText('');
      Object.defineProperty(navigator.clipboard, 'writeText', { value: () => Promise.reject() });
    });
    expect(await copy()).toBe(markdown);
    expect(browser.complaints).toEqual([]);
  });

  it('a kill that somebody asked for is not told as one of a node without memory', async () => {
    const folder = temporaryFolder();
    const asked: Partial<Kill> = { scope: 'node', constraint: 'none', trigger: { manual: true } };
    fillJournal(
      folder,
      podKills(3, (i) => (i === 1 ? asked : { scope: 'container' })),
    );
    await using server = await servePage(folder);
    await using browser = await Browser.open(server.url);
    const { page } = browser;
    await live(page);
    const row = page.locator('.row', { hasText: 'asked for (sysrq-f)' });
    await row.waitFor();
    expect(await page.locator('.row', { hasText: 'node out of memory' }).count()).toBe(0);
    expect(await page.locator('.plot .bar.node').count()).toBe(0);
    expect(await page.locator('.plot .bar.asked').count()).toBe(1);
    await page.locator('.key.asked', { hasText: 'asked for' }).waitFor();
    expect(browser.complaints).toEqual([]);
  });
});
