/// <reference lib="dom" />
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { temporaryFolder } from '../packages/kmsg/test/support/temporary.ts';
import { axeFaults } from './support/axe.ts';
import { Browser } from './support/browser.ts';
import { fillJournal, podKills, servePage } from './support/dashboard.ts';
import { freePorts } from './support/free-ports.ts';
import { builtAgent, chromium, needs } from './support/needs.ts';
import { root } from './support/paths.ts';

const live = (page: Page) => page.waitForSelector('#connection[data-state=live]');

/** What no text on the page may hold raw. */
const invisible = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

needs(builtAgent, chromium).describe('the page', () => {
  const { it } = needs();

  it('shows hostile names harmlessly', async () => {
    const folder = temporaryFolder();
    const names = ['<img src=x onerror=alert(1)>', '\x1b[31mred\x1b[0m', 'a\u202etxt.exe', '𝒳😀𐍈'];
    const hostile = (i: number) => names[i % 4] as string;
    fillJournal(
      folder,
      podKills(8, (i) => ({
        victim: { pid: i, name: hostile(i) },
        pod: { uid: hostile(i), namespace: hostile(i), name: hostile(i), container: hostile(i) },
        cgroup: { victim: `/${hostile(i)}/b`, limit: `/${hostile(i)}`, from: 'log' },
        tasks: [{ pid: i, name: hostile(i), uid: 0, rssKiB: 1, swapKiB: 0, oomScoreAdj: 0 }],
      })),
      ({ victim }) => ({ lines: [`report of ${victim?.name}`] }),
    );
    await using server = await servePage(folder);
    const { url } = server;
    await using browser = await Browser.open(url);
    const { page } = browser;
    await live(page);
    await page.getByText('\\x1b[31mred').first().waitFor();
    const look = async () => {
      const text = await page.evaluate(() => document.documentElement.outerHTML);
      expect(text).not.toMatch(invisible);
      expect(await page.locator('img:not([src="/icon.svg"])').count()).toBe(0);
    };
    await look();
    for (const name of [
      '<img src=x onerror=alert(1)>',
      '\\x1b[31mred\\x1b[0m',
      'a\\u{202e}txt.exe',
      '𝒳😀𐍈',
    ]) {
      await page.locator('.row', { hasText: name }).first().click();
      await page.getByRole('heading', { name: `${name} was killed`, exact: true }).waitFor();
      for (const folded of await page.locator('summary').all()) await folded.click();
      await page.getByText('report of').first().waitFor();
      await look();
      await page.keyboard.press('Escape');
      await page.locator('#kill').waitFor({ state: 'hidden' });
    }
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).not.toMatch(invisible);
    expect(browser.complaints).toEqual([]);
  });

  it('has no serious fault that axe finds: with kills, with one explained, and narrow', async () => {
    const folder = temporaryFolder();
    const long = { lines: [`[    1.000000] ${'a long line '.repeat(50)}`] };
    fillJournal(folder, podKills(50), () => long);
    await using server = await servePage(folder);
    const { url } = server;
    for (const width of [1280, 380]) {
      await using browser = await Browser.open(url, width);
      const { page } = browser;
      await live(page);
      await page.locator('.row').first().waitFor();
      expect(await axeFaults(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
        width,
      );
      await page.locator('#list').focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Whose limit' }).waitFor();
      for (const folded of await page.locator('summary').all()) await folded.click();
      expect(await axeFaults(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
        width,
      );
    }
  });

  it('with 100,000 kills keeps no input waiting much longer than with 1,000', async () => {
    const [few = 0, many = 0] = [await busyMsOf(1000), await busyMsOf(100_000)];
    console.log(
      `the page was busy for ${Math.round(few)} ms, ${Math.round(many)} with 100,000 kills`,
    );
    expect(many).toBeLessThan(maxBusyRatio * few);
  });

  it('says that the connection is lost, and goes on where it was', async () => {
    const folder = temporaryFolder();
    fillJournal(folder, podKills(3));
    const [port] = await freePorts(1);
    const first = await servePage(folder, port);
    await using browser = await Browser.open(first.url);
    const { page } = browser;
    await live(page);
    await first[Symbol.asyncDispose]();
    await page.waitForSelector('#connection[data-state=lost]');
    const later = podKills(2, (i) => ({ id: `later:${i}`, victim: { pid: i, name: 'later' } }));
    fillJournal(folder, later);
    await using _ = await servePage(folder, port);
    await live(page);
    await page.locator('.row', { hasText: 'later' }).first().waitFor();
    expect(browser.complaints).toEqual([]);
  });

  it('explains a log file itself, and sends nothing of it anywhere', async () => {
    const folder = temporaryFolder();
    await using server = await servePage(folder);
    const { url } = server;
    await using browser = await Browser.open(url);
    const { page } = browser;
    await live(page);
    const sent: string[] = [];
    page.on('request', (request) => {
      if (request.method() !== 'GET' || request.postData() !== null) sent.push(request.url());
    });
    await page.setInputFiles(
      '#file',
      join(root, 'packages/oom/test/fixtures/6.1.0-56--c-group.kmsg'),
    );
    await page.getByRole('heading', { name: /^5 kills in 6\.1\.0-56--c-group\.kmsg/ }).waitFor();
    await page.getByRole('option').first().click();
    await page.getByText('memory.oom.group').first().waitFor();
    const unknown = '[    2.000000] Killed process 12 (java) for its colour\n';
    const buffer = Buffer.from(`[    1.000000] usb 1-1: new device\n${unknown}${unknown}`);
    await page.setInputFiles('#file', { name: 'unknown.log', mimeType: 'text/plain', buffer });
    await page.getByText('not understood: 2 lines, the first is line 2').waitFor();
    await page.getByRole('button', { name: 'Back to this node' }).click();
    await page.getByText(/by the kernel/).waitFor();
    expect(sent).toEqual([]);
    expect(browser.complaints).toEqual([]);
  });

  it('never shows the kills of one file, or of the node, under the headline of another', async () => {
    const folder = temporaryFolder();
    fillJournal(folder, podKills(3));
    await using server = await servePage(folder);
    await using browser = await Browser.open(server.url);
    const { page } = browser;
    await live(page);
    const file = (name: string) => join(root, 'packages/oom/test/fixtures', name);
    await page.setInputFiles('#file', file('6.1.0-56--c-group.kmsg'));
    const headline = page.getByRole('heading', { name: /^5 kills in 6\.1\.0-56--c-group\.kmsg/ });
    await headline.waitFor();
    const prose = { name: 'prose.txt', mimeType: 'text/plain', buffer: Buffer.from('Dear all,\n') };
    await page.setInputFiles('#file', prose);
    await page.getByText('prose.txt is no log').waitFor();
    await headline.waitFor();
    expect(await page.locator('#node').textContent()).toBe('6.1.0-56--c-group.kmsg');
    await page.setInputFiles('#file', file('6.1.0-56--a-single.kmsg'));
    await page.getByRole('heading', { name: /^1 kill in 6\.1\.0-56--a-single/ }).waitFor();
    expect(await page.locator('.row').count()).toBe(1);
    expect(await page.locator('#faults').isHidden()).toBe(true);
  });

  it('the address of a file’s kill never opens one of the node, nor an unknown one the list in silence', async () => {
    const folder = temporaryFolder();
    fillJournal(folder, podKills(3));
    await using server = await servePage(folder);
    await using browser = await Browser.open(server.url);
    const { page } = browser;
    await live(page);
    await page.setInputFiles(
      '#file',
      join(root, 'packages/oom/test/fixtures/6.1.0-56--c-group.kmsg'),
    );
    await page.getByRole('heading', { name: /^5 kills in/ }).waitFor();
    await page.getByRole('option').first().click();
    await page.locator('#kill-title').waitFor();
    const address = page.url();
    expect(address).toContain('#file/6.1.0-56--c-group.kmsg/kill/');
    await page.reload();
    await page.getByText('a kill in the file 6.1.0-56--c-group.kmsg').waitFor();
    expect(await page.locator('#kill').isHidden()).toBe(true);
    await page.evaluate(() => {
      location.hash = '#kill/2';
    });
    await page.locator('#kill-title').waitFor();
    expect(await page.locator('#note').isHidden()).toBe(true);
    await page.evaluate(() => {
      location.hash = '#kill/4711';
    });
    await page.getByText('Kill 4711 is not in the journal').waitFor();
    expect(await page.locator('#kill').isHidden()).toBe(true);
    await page.reload();
    expect(await page.locator('#note').isHidden()).toBe(true);
    expect(browser.complaints).toEqual([]);
  });

  it('keeps filter, range and search in the address, for a reload and for somebody else', async () => {
    const folder = temporaryFolder();
    fillJournal(folder, podKills(80));
    await using server = await servePage(folder);
    await using browser = await Browser.open(server.url);
    const { page } = browser;
    await live(page);
    await page
      .locator('#victims .card', { hasText: 'Processes' })
      .locator('button')
      .first()
      .click();
    await page.getByRole('button', { name: '24 h: the last 24 hours' }).click();
    await page.fill('#search', 'web');
    await page.waitForFunction(() => location.search.includes('q=web'));
    const shown = await page.locator('#count').textContent();
    expect(shown).toMatch(/ of 80/);
    await page.reload();
    await live(page);
    await page.locator('#count', { hasText: String(shown) }).waitFor();
    expect(await page.locator('.chip').count()).toBe(1);
    expect(await page.inputValue('#search')).toBe('web');
    const pressed = page.getByRole('button', { name: '24 h: the last 24 hours', pressed: true });
    expect(await pressed.count()).toBe(1);
    await page.goto(`${server.url}/?range=eternity&colour=red&from=now&to=never`);
    await page.locator('#count', { hasText: /^80$/ }).waitFor();
    expect(browser.complaints).toEqual([]);
  });

  it('gives a burst and a log without dates an axis of their own', async () => {
    const folder = temporaryFolder();
    fillJournal(folder, podKills(9));
    await using server = await servePage(folder);
    await using browser = await Browser.open(server.url);
    const { page } = browser;
    await live(page);
    await page.locator('.plot .bar').nth(4).waitFor();
    const line = (second: number) =>
      `[ ${second}.500000] Out of memory: Killed process ${second} (app) total-vm:1kB, anon-rss:1kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:4kB oom_score_adj:0\n`;
    const buffer = Buffer.from(Array.from({ length: 9 }, (_, i) => line(100 + i)).join(''));
    await page.setInputFiles('#file', { name: 'boot.log', mimeType: 'text/plain', buffer });
    await page.getByRole('heading', { name: '9 kills in boot.log.' }).waitFor();
    const bars = page.locator('.plot .bar');
    await bars.nth(6).waitFor();
    expect(await bars.count()).toBeGreaterThanOrEqual(8);
    const ticks = await page.locator('.plot .tick').allTextContents();
    expect(new Set(ticks).size).toBe(ticks.length);
    expect(ticks[0]).toMatch(/^\+(9\d|100)/);
    expect(browser.complaints).toEqual([]);
  });

  it('says first who was killed last, of what, how often, and whether it goes on', async () => {
    const folder = temporaryFolder();
    const owner = { kind: 'Deployment', name: 'checkout' };
    const pod = { uid: 'u', namespace: 'shop', name: 'checkout-1', container: 'app', owner };
    // Noon: neither midnight nor a browser that takes its time to start comes between the kills and the page.
    const noonMs = new Date().setHours(12, 0, 0, 0);
    const time = (i: number) => new Date(noonMs - (5 - i) * 1000).toISOString();
    fillJournal(
      folder,
      podKills(5, (i) => ({ time: time(i), pod, victim: { pid: i, name: 'java' } })),
    );
    await using server = await servePage(folder);
    await using browser = await Browser.open('about:blank');
    const { page } = browser;
    await page.clock.setFixedTime(noonMs);
    await page.goto(server.url);
    await live(page);
    await page
      .getByRole('heading', { name: /^java was killed (just now|\d+ seconds? ago)\.$/ })
      .waitFor();
    expect(await page.locator('#often').textContent()).toMatch(
      /^5th kill of deployment shop\/checkout today, every second or less, none yesterday\. It is still going on\.$|^5th kill of deployment shop\/checkout today, every 1 s.* It is still going on\.$/,
    );
    await page.getByText(/by the kernel/).waitFor();
    await page
      .locator('.card', { hasText: 'Workloads' })
      .getByText('deployment shop/checkout')
      .waitFor();
    await page.getByRole('option').first().click();
    await page
      .locator('#kill .lead', { hasText: '5th kill of deployment shop/checkout' })
      .waitFor();
  });

  it('shows a usage at its limit as full where the victim’s resident memory is more than that', async () => {
    const folder = temporaryFolder();
    const memory = { usageKiB: 20_480, limitKiB: 20_480 };
    const victim = { pid: 7, name: 'shared', anonRssKiB: 500, shmemRssKiB: 40_000 };
    fillJournal(
      folder,
      podKills(1, () => ({ memory, victim })),
    );
    await using server = await servePage(folder);
    await using browser = await Browser.open(`${server.url}/#kill/1`);
    const { page } = browser;
    const bar = page.locator('.bar-track i');
    await bar.first().waitFor();
    expect(await bar.count()).toBe(1);
    const [full, track] = await page.evaluate(() => {
      const used = document.querySelector('.bar-track i') as HTMLElement;
      const parent = used.parentElement as HTMLElement;
      return [getComputedStyle(used).backgroundColor, getComputedStyle(parent).backgroundColor];
    });
    expect(full).toBe('rgb(178, 58, 44)');
    expect(full).not.toBe(track);
    await page.getByText('more than was charged here').waitFor();
  });

  it('prints every kill, and shows every column of the processes on a telephone', async () => {
    const folder = temporaryFolder();
    fillJournal(folder, podKills(120));
    await using server = await servePage(folder);
    await using browser = await Browser.open(server.url, 380);
    const { page } = browser;
    await live(page);
    await page.locator('.row').first().waitFor();
    await page.emulateMedia({ media: 'print' });
    await page.waitForFunction(() => document.querySelectorAll('.row').length === 120);
    const cut = await page.evaluate(() => {
      const list = document.getElementById('list') as HTMLElement;
      return list.scrollHeight - list.clientHeight;
    });
    expect(cut).toBeLessThanOrEqual(1);
    await page.emulateMedia({ media: 'screen' });
    await page.waitForFunction(() => document.querySelectorAll('.row').length < 60);
    await page.getByRole('option').first().click();
    await page.locator('.tasks').waitFor();
    const { table, room } = await page.evaluate(() => {
      const host = document.querySelector('.scroll-x') as HTMLElement;
      return { table: host.scrollWidth, room: host.clientWidth };
    });
    expect(table).toBeLessThanOrEqual(room);
    expect(browser.complaints).toEqual([]);
  });
});

/** A hundred times as many rows make a search longer, but nothing is painted that is not seen. */
const maxBusyRatio = 5;

/** Processor time of the page's thread while somebody uses it with so many kills: whatever else the machine does. */
async function busyMsOf(kills: number): Promise<number> {
  const folder = temporaryFolder();
  fillJournal(folder, podKills(kills));
  await using server = await servePage(folder);
  await using browser = await Browser.open(server.url);
  const { page } = browser;
  await live(page);
  await page.locator('#count', { hasText: kills.toLocaleString('en') }).waitFor();
  const developer = await page.context().newCDPSession(page);
  await developer.send('Performance.enable', { timeDomain: 'threadTicks' });
  const busyMs = async () => {
    const { metrics } = await developer.send('Performance.getMetrics');
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
  };
  const before = await busyMs();
  await use(page);
  expect(browser.complaints).toEqual([]);
  return (await busyMs()) - before;
}

/** Scrolls, searches, filters and zooms. */
async function use(page: Page): Promise<void> {
  for (let i = 1; i <= 20; i++) {
    await page.evaluate((share) => {
      const list = document.getElementById('list') as HTMLElement;
      list.scrollTop = list.scrollHeight * share;
    }, i / 20);
    await page.waitForTimeout(30);
  }
  for (const text of ['w', 'we', 'web-1', 'nothing', '1234', '']) {
    await page.fill('#search', text);
    await page.waitForTimeout(250);
  }
  for (const name of ['1 h: the last hour', 'All: all of it']) {
    await page.getByRole('button', { name }).click();
    await page.waitForTimeout(250);
  }
  await page.locator('#victims button').first().click();
  await page.waitForTimeout(250);
}
