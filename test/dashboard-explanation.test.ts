import type { Kill } from '@oomwatcher/oom';
import { expect } from 'vitest';
import { temporaryFolder } from '../packages/kmsg/test/support/temporary.ts';
import { otherPod as pod } from '../packages/oom/test/support/other-pod.ts';
import { axeFaults } from './support/axe.ts';
import { Browser } from './support/browser.ts';
import { fillJournal, podKills, servePage } from './support/dashboard.ts';
import { builtAgent, chromium, needs } from './support/needs.ts';

const gib = 1024 * 1024;

/** Oldest first: a node's OOM, an emptyDir in memory that was filled, and a later kill of another pod. */
const kills: Partial<Kill>[] = [
  {
    scope: 'node',
    constraint: 'none',
    otherPods: {
      afterMs: 4,
      count: 57,
      biggest: [
        pod('cart', { requestKiB: gib / 2 }),
        pod('<img src=x>\u202e', { usageKiB: 2 * gib, requestKiB: 0 }),
        pod('db', { usageKiB: 2 * gib, limitKiB: 4 * gib, requestKiB: 2 * gib }),
      ],
    },
  },
  { memoryStat: { anonKiB: 900, fileKiB: 230_000, shmemKiB: 230_000, kernelKiB: 1024 } },
  { scope: 'container', constraint: 'memcg' },
];

needs(builtAgent, chromium).describe('the page of one kill', () => {
  const { it } = needs();
  const show = async (width: number) => {
    const folder = temporaryFolder();
    fillJournal(
      folder,
      podKills(3, (i) => kills[i] as Partial<Kill>),
    );
    await using server = await servePage(folder);
    await using browser = await Browser.open(server.url, width);
    const { page } = browser;
    await page.waitForSelector('#connection[data-state=live]');
    const head = page.locator('#sentence');
    await page.getByText(/^search was killed/).waitFor();

    await page.goto(`${server.url}#kill/1`);
    const pods = page.getByRole('region', { name: 'Other pods' }).getByRole('listitem');
    await pods.first().waitFor();
    expect(await pods.allTextContents()).toEqual([
      'shop/cart2.0 GiB1.5 GiB more than its request of 512.0 MiB, no limit',
      'shop/<img src=x>\\u{202e}1.0 GiBrequests none, no limit',
      'shop/db1.0 GiBrequests 2.0 GiB, limit 4.0 GiB',
    ]);
    // The newest kill is of another workload: nobody takes it for this one's.
    expect(await head.textContent()).toMatch(/^Newest kill of this node: search was killed/);
    expect(await page.locator('#often').textContent()).toBe('');
    expect(await axeFaults(page)).toEqual([]);

    await page.goto(`${server.url}#kill/2`);
    const rows = page.locator('.tasks tbody tr');
    await rows.filter({ hasText: 'files in tmpfs or shared memory' }).waitFor();
    expect(await rows.first().textContent()).toContain('224.6 MiB');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
      width,
    );

    await page.keyboard.press('Escape');
    await page.locator('#kill').waitFor({ state: 'hidden' });
    await page.getByText(/^search was killed/).waitFor();
    expect(browser.complaints).toEqual([]);
  };

  it('shows what held the memory', () => show(1280));
  it('shows it on a telephone', () => show(380));
});
