/// <reference lib="dom" />
import type { Kill } from '@oomwatcher/oom';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { temporaryFolder } from '../packages/kmsg/test/support/temporary.ts';
import { axeFaults } from './support/axe.ts';
import { Browser } from './support/browser.ts';
import { fillJournal, podKills, servePage } from './support/dashboard.ts';
import { builtAgent, chromium, needs } from './support/needs.ts';

const live = (page: Page) => page.waitForSelector('#connection[data-state=live]');

/** Words of English that no name and no path has. */
const englishWords = /\b(?:the|of|was|were|killed|ago|limit|show|only|with|from|its|not)\b/gi;

/** What a reader sees, or hears, of the page now; not what the kernel or the JSON say. */
const said = (page: Page) =>
  page.evaluate(() => {
    const copy = document.body.cloneNode(true) as HTMLElement;
    for (const other of copy.querySelectorAll('pre, noscript, [hidden]')) other.remove();
    const attributes = ['aria-label', 'title', 'placeholder', 'aria-valuetext'];
    const spoken = [...copy.querySelectorAll('*')].flatMap((element) =>
      attributes.map((name) => element.getAttribute(name) ?? ''),
    );
    return `${copy.textContent} ${spoken.join(' ')}`;
  });

const memoryStat = { anonKiB: 9_000, fileKiB: 200_000, shmemKiB: 190_000, kernelKiB: 70_000 };

needs(builtAgent, chromium).describe('the page in Chinese', () => {
  const { it } = needs();

  it('is what a browser that wants Chinese gets, all of it, without serious faults', async () => {
    const folder = temporaryFolder();
    fillJournal(
      folder,
      podKills(60, (i) => ({
        memoryStat,
        ...(i % 5 === 0 && { group: { id: `g${i}`, size: 3 } }),
      })),
      () => ({ lines: ['[    1.000000] a line of the log'] }),
    );
    await using server = await servePage(folder);
    for (const width of [1280, 380]) {
      await using browser = await Browser.open(server.url, width, 'zh-CN');
      const { page } = browser;
      await live(page);
      await page.locator('.row').first().waitFor();
      expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-CN');
      const fits = async () =>
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
          width,
        );
      // The agent's own words, of what is wrong with it, are English.
      const wrong = (await page.locator('#faults').textContent()) ?? '';
      expect((await said(page)).replace(wrong, '').match(englishWords)).toBeNull();
      expect(await axeFaults(page)).toEqual([]);
      await fits();
      await page.getByRole('option').first().click();
      await page.getByRole('heading', { name: '谁的限额' }).waitFor();
      expect((await said(page)).replace(wrong, '').match(englishWords)).toBeNull();
      expect(await axeFaults(page)).toEqual([]);
      await fits();
      await page.getByRole('button', { name: '粘贴报告…' }).click();
      await page.getByRole('dialog').waitFor();
      expect(await axeFaults(page)).toEqual([]);
      await fits();
      expect(browser.complaints).toEqual([]);
    }
  });

  it('is a switch away, keeps what is shown, and is in the address', async () => {
    const folder = temporaryFolder();
    fillJournal(folder, podKills(40));
    await using server = await servePage(folder);
    await using browser = await Browser.open(`${server.url}/?q=web`);
    const { page } = browser;
    await live(page);
    await page.locator('#count', { hasText: '10 of 40' }).waitFor();
    await page.getByRole('link', { name: '中文' }).click();
    await page.locator('#count', { hasText: '10，共 40' }).waitFor();
    expect(new URL(page.url()).search).toBe('?q=web&lang=zh');
    await page.reload();
    await page.locator('#count', { hasText: '10，共 40' }).waitFor();
    await page.getByRole('option').first().click();
    await page.locator('#kill-title', { hasText: '被杀' }).waitFor();
    await page.getByRole('link', { name: 'English' }).click();
    await page.locator('#kill-title', { hasText: 'was killed' }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('language');
    // A file stays open through it, and the choice through a file.
    const line =
      '[ 7.500000] Out of memory: Killed process 7 (app) total-vm:1kB, anon-rss:1kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:4kB oom_score_adj:0\n';
    await page.setInputFiles('#file', {
      name: 'boot.log',
      mimeType: 'text/plain',
      buffer: Buffer.from(line),
    });
    await page.getByRole('heading', { name: '1 kill in boot.log.' }).waitFor();
    await page.getByRole('link', { name: '中文' }).click();
    await page.getByRole('heading', { name: 'boot.log 中有 1 次 kill。' }).waitFor();
    expect(new URL(page.url()).search).toBe('?lang=zh');
    expect(browser.complaints).toEqual([]);
  });

  it('shows hostile names as harmlessly as the other', async () => {
    const folder = temporaryFolder();
    const name = '<img src=x>\u202e\x1b[31m';
    const hostile: Partial<Kill> = { victim: { pid: 7, name } };
    fillJournal(
      folder,
      podKills(1, () => hostile),
    );
    await using server = await servePage(folder);
    await using browser = await Browser.open(`${server.url}/?lang=zh#kill/1`);
    const { page } = browser;
    const title = await page.locator('#kill-title').textContent();
    expect(title).toBe('<img src=x>\\u{202e}\\x1b[31m 被杀');
    expect(browser.complaints).toEqual([]);
  });
});
