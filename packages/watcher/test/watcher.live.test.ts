import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { builtAddon, needs, oomKills } from '../../../test/support/needs.ts';
import { openDescriptors } from '../../kmsg/test/support/temporary.js';
import { type Account, type Cursor, type WatchEvent, watch } from '../src/index.js';
import { readKernelKills } from '../src/node/kernel-kills.js';
import { findMemoryHierarchy } from '../src/node/memory-hierarchy.js';
import { causeKill, causeKills } from './support/oom.js';

type Source = 'native' | 'portable';

/** After so long the last kill is not held any more, for more may belong to it, and the account is made. */
const settledMs = 500;

/** Closes the watch when all is settled. @returns how many kills the kernel counted between now and then */
function closeLater(watcher: { close: () => void }): () => number {
  const before = readKernelKills() as number;
  let atClose = before;
  setTimeout(() => {
    watcher.close();
    atClose = readKernelKills() as number;
  }, settledMs);
  return () => atClose - before;
}

/** Kills of others may be counted, and their lines not be read yet, when a watch ends; one more may be between the two. */
function expectUnread(account: Account | undefined, killsAtEnd: number, message: string): void {
  expect(account?.unaccounted, message).toBeGreaterThanOrEqual(0);
  expect(account?.unaccounted, message).toBeLessThanOrEqual(killsAtEnd + 1);
}

/** Everything that the ring holds now, and where to go on. */
async function readRing(source: Source): Promise<{ ids: string[]; cursor: Cursor }> {
  const watcher = watch({ source, from: 'boot' });
  const ids: string[] = [];
  let atClose = () => 0;
  for await (const event of watcher.events()) {
    if (event.kind === 'kill') ids.push(event.kill.id);
    if (event.kind === 'watching') atClose = closeLater(watcher);
  }
  expect(watcher.stats().kills).toBe(ids.length);
  const { account } = watcher.stats();
  expectUnread(account, atClose(), 'kills of before are not in the account');
  return { ids, cursor: watcher.cursor as Cursor };
}

for (const source of ['native', 'portable'] as const) {
  needs(oomKills, ...(source === 'native' ? [builtAddon] : [])).describe(
    `the ${source} source`,
    () => {
      test('a watch that resumes reports no kill again, and none that came meanwhile is missed', async () => {
        causeKill();
        const before = await readRing(source);
        expect(before.ids.length).toBeGreaterThan(0);
        const meanwhile = causeKill();

        const watcher = watch({ source, cursor: before.cursor });
        const reported: { id: string; pid: number | undefined }[] = [];
        let during: { pid: number } | undefined;
        const timeout = setTimeout(watcher.close, 300_000);
        for await (const event of watcher.events()) {
          if (event.kind === 'watching') during = causeKill();
          if (event.kind !== 'kill') continue;
          reported.push({ id: event.kill.id, pid: event.kill.victim?.pid });
          if (event.kill.victim?.pid === during?.pid) break;
        }
        clearTimeout(timeout);

        expect(reported.filter(({ id }) => before.ids.includes(id))).toEqual([]);
        const pids = reported.map(({ pid }) => pid);
        expect(pids.filter((pid) => pid === meanwhile.pid)).toHaveLength(1);
        expect(pids.filter((pid) => pid === during?.pid)).toHaveLength(1);
      });

      test('a cursor of another boot is not trusted: the whole ring is reported', async () => {
        causeKill();
        const { ids, cursor } = await readRing(source);
        const watcher = watch({ source, cursor: { bootId: 'another', seq: cursor.seq } });
        const events: WatchEvent[] = [];
        for await (const event of watcher.events()) {
          events.push(event);
          if (event.kind === 'watching') setTimeout(watcher.close, settledMs);
        }
        const reported = events.flatMap((event) => (event.kind === 'kill' ? [event.kill.id] : []));
        expect(reported).toEqual(expect.arrayContaining(ids.slice(-1)));
      });

      test('a watch that begins now reports no kill of before', async () => {
        const before = causeKill();
        const watcher = watch({ source });
        let after: { pid: number } | undefined;
        const pids: (number | undefined)[] = [];
        for await (const event of watcher.events()) {
          if (event.kind === 'watching') {
            await sleep(settledMs);
            after = causeKill();
          }
          if (event.kind === 'kill') pids.push(event.kill.victim?.pid);
          if (after !== undefined && pids.includes(after.pid)) break;
        }
        expect(pids).not.toContain(before.pid);
        expect(watcher.stats().account?.kernelKills).toBeGreaterThanOrEqual(1);
      });

      // 20 of each: OOMWATCHER_SLOW_CONSUMERS=20.
      test.each(
        [0, 20, 80, 160, 300].flatMap((delayMs) =>
          Array.from({ length: Number(process.env.OOMWATCHER_SLOW_CONSUMERS ?? 1) }, (_, run) => ({
            delayMs,
            run,
          })),
        ),
      )('a consumer that works $delayMs ms a kill has a true account (run $run)', async (slow) => {
        const watcher = watch({ source });
        let given = 0;
        let atClose = () => 0;
        let causing: Promise<void> | undefined;
        for await (const event of watcher.events()) {
          if (event.kind === 'watching') causing = causeKills(12);
          if (event.kind !== 'kill') continue;
          await sleep(slow.delayMs);
          // Others may be killed on this machine, up to the last moment.
          if (++given === 12) atClose = closeLater(watcher);
        }
        await causing;
        const { account, kills, repeats } = watcher.stats();
        expect(account).toBeDefined();
        const { kernelKills, unaccounted } = account as Account;
        expect(kernelKills - unaccounted).toBe(kills + repeats);
        expectUnread(account, atClose(), 'counted, and not read when the watch ended');
      });

      test('a watch that ends before it began has no share in the kills since boot', async () => {
        causeKill();
        const watcher = watch({ source, signal: AbortSignal.abort() });
        for await (const event of watcher.events()) expect(event).toBeUndefined();
        expect(watcher.stats()).not.toHaveProperty('account');
      });

      test('a watch that is closed without being iterated leaves no descriptor of a cgroup or the log', () => {
        const { root } = findMemoryHierarchy() as { root: string };
        const before = openDescriptors(root);
        watch({ source }).close();
        expect(openDescriptors(root)).toBe(before);
      });

      test('a consumer that leaves the loop leaves no descriptor', async () => {
        const { root } = findMemoryHierarchy() as { root: string };
        const before = openDescriptors(root);
        for await (const _ of watch({ source }).events()) break;
        expect(openDescriptors(root)).toBe(before);
      });

      test('a watch that is over can be asked again without touching the descriptors of others', async () => {
        const watcher = watch({ source });
        for await (const _ of watcher.events()) break;
        for await (const event of watcher.events()) expect(event).toBeUndefined();
      });
    },
  );
}
