import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleCapture, sampleKills, sampleNames } from '@oomwatcher/oom/testing';
import { describe, expect, test } from 'vitest';
import { openDescriptors, temporaryFolder } from '../../kmsg/test/support/temporary.js';
import { type WatchEvent, type Watcher, watch } from '../src/index.js';
import { capture, compressedCapture, gaps, killLines } from './support/captures.js';

const storm = capture('6.1.0-56--f-storm');

async function eventsOf(watcher: Watcher): Promise<WatchEvent[]> {
  const events: WatchEvent[] = [];
  for await (const event of watcher.events()) events.push(event);
  return events;
}

/** A capture of these bytes. */
function captured(bytes: string | Uint8Array): string {
  const path = join(temporaryFolder(), 'capture.kmsg');
  writeFileSync(path, bytes);
  return path;
}

/** Waits until nobody has the file open: a stream closes its descriptor in its own time. */
async function untilClosed(path: string): Promise<void> {
  await expect.poll(() => openDescriptors(path)).toBe(0);
}

describe.each(['4.19.108--f-storm', '5.10.0-32--v1-f-storm', '6.1.0-56--f-storm'])(
  'the storm %s',
  (name) => {
    test('is reported kill by kill, in the order of the log, each once', async () => {
      const expected = killLines(readFileSync(capture(name), 'latin1'));
      expect(expected.length).toBeGreaterThan(50);
      const watcher = watch({ capture: capture(name) });
      const reported: { seq: bigint; pid: number | undefined }[] = [];
      for await (const { seq, victim } of watcher) {
        reported.push({ seq: BigInt(seq as number), pid: victim?.pid });
      }
      expect(reported).toEqual(expected);
      expect(watcher.stats()).toMatchObject({ kills: expected.length, forged: 0, lost: 0 });
    });
  },
);

test('a capture that comes in pieces, not as a file, loses no kill at their seams', async () => {
  const bytes = readFileSync(storm);
  async function* pieces() {
    const piece = Buffer.alloc(1000);
    for (let at = 0; at < bytes.length; at += piece.length) {
      yield piece.subarray(0, bytes.copy(piece, 0, at, at + piece.length));
    }
  }
  const watcher = watch({ capture: pieces() });
  const pids: (number | undefined)[] = [];
  for await (const { victim } of watcher) pids.push(victim?.pid);
  expect(pids).toEqual(killLines(bytes.toString('latin1')).map(({ pid }) => pid));
});

describe.each(['4.19.108--j-overrun', '6.1.0-56--j-overrun'])('the overrun %s', (name) => {
  test('is reported as the records that are missing, where they are missing', async () => {
    const bytes = compressedCapture(name);
    const expected = gaps(bytes.toString('latin1'));
    expect(expected.length).toBeGreaterThan(0);
    const watcher = watch({ capture: captured(bytes) });
    const events = await eventsOf(watcher);
    const losses = events.filter((event) => event.kind === 'loss');
    expect(losses.map(({ seq, lost }) => ({ seq, lost }))).toEqual(expected);
    expect(watcher.stats().lost).toBe(expected.reduce((sum, { lost }) => sum + lost, 0));
    const seqs = events.filter(({ kind }) => kind !== 'watching').map(({ seq }) => seq);
    expect(seqs, 'in the order of the log').toEqual(seqs.toSorted((a, b) => (a < b ? -1 : 1)));
  });
});

test('a report that a loss cut in two does not lend its cgroup to the kill after the loss', async () => {
  const records = readFileSync(capture('6.1.0-56--a-single'), 'latin1').split(/\n(?! )/);
  const at = records.findIndex((record) => record.includes('Killed process'));
  const [seq] = killLines(records[at] as string);
  records[at] = (records[at] as string).replace(`,${seq?.seq},`, `,${(seq?.seq ?? 0n) + 5n},`);
  const watcher = watch({ capture: captured(`${records.slice(0, at + 1).join('\n')}\n`) });
  const events = await eventsOf(watcher);
  expect(events.map(({ kind }) => kind).sort()).toEqual(['kill', 'loss', 'watching']);
  const reported = events.find((event) => event.kind === 'kill')?.kill;
  expect(reported?.complete).toBe(false);
  expect(reported?.cgroup).toBeUndefined();
  expect(reported?.memory).toBeUndefined();
});

test('a group is reported whole though the capture ends with it', async () => {
  const watcher = watch({ capture: capture('6.1.0-56--c-group') });
  const events = await eventsOf(watcher);
  const kills = events.filter((event) => event.kind === 'kill');
  expect(kills.length).toBeGreaterThan(1);
  for (const { kill } of kills) expect(kill.group).toMatchObject({ size: kills.length });
  expect(events.filter(({ kind }) => kind === 'watching')).toHaveLength(1);
});

test('the second line of a group’s first victim is reported as such: the kernel counts it, the account must too', async () => {
  const path = capture('6.1.0-56--c-group');
  const lines = killLines(readFileSync(path, 'latin1'));
  const [first] = lines;
  const second = lines.findLast(({ pid }) => pid === first?.pid);
  expect(second?.seq).not.toBe(first?.seq);
  const events = await eventsOf(watch({ capture: path }));
  expect(events.filter(({ kind }) => kind === 'repeat')).toEqual([
    { kind: 'repeat', seq: second?.seq },
  ]);
  expect(events.filter(({ kind }) => kind === 'kill')).toHaveLength(lines.length - 1);
});

test('a kill line that user space wrote is reported as forged and counted, never as a kill', async () => {
  const text =
    'Out of memory: Killed process 1 (init) total-vm:1kB, anon-rss:1kB, file-rss:0kB, shmem-rss:0kB';
  const watcher = watch({ capture: captured(`12,5,1000,-;${text}\n`) });
  expect(await eventsOf(watcher)).toEqual([
    { kind: 'forged', seq: 5n, text },
    { kind: 'watching', seq: 5n },
  ]);
  expect(watcher.stats()).toMatchObject({ kills: 0, forged: 1, read: 1 });
});

test('what the kernel did other than kill is reported, but not to those who ask for kills', async () => {
  const path = captured('4,1,1000,-;oom_kill_process: 2 callbacks suppressed\n');
  expect(await eventsOf(watch({ capture: path }))).toMatchObject([
    { kind: 'outcome', outcome: { kind: 'reports-suppressed', count: 2 } },
    { kind: 'watching' },
  ]);
  for await (const kill of watch({ capture: path })) expect(kill).toBeUndefined();
});

test('a capture gives no cursor: its sequence numbers are not those of this boot', async () => {
  const watcher = watch({ capture: storm, cursor: { bootId: 'x', seq: 1_000_000n } });
  expect(watcher.cursor).toBeUndefined();
  const events = await eventsOf(watcher);
  expect(events.filter(({ kind }) => kind === 'kill').length).toBeGreaterThan(50);
  expect(watcher.cursor).toBeUndefined();
});

test('a capture is not measured by the counters of the node that reads it', async () => {
  const watcher = watch({ capture: storm });
  await eventsOf(watcher);
  expect(watcher.stats()).not.toHaveProperty('account');
});

test('a capture without a single record is over at once, and an error where it has something else', async () => {
  const events = await eventsOf(watch({ capture: captured('') }));
  expect(events.map(({ kind }) => kind)).toEqual(['watching']);
  for (const bytes of ['\n', 'no kmsg\n', '6,']) {
    const reading = eventsOf(watch({ capture: captured(bytes) }));
    await expect(reading).rejects.toMatchObject({ code: 'ERR_NO_CAPTURE' });
  }
});

test('a capture that is not there is one error with a code, after which the watch is over', async () => {
  const watcher = watch({ capture: '/no/such/capture' });
  await expect(eventsOf(watcher)).rejects.toMatchObject({
    name: 'KmsgError',
    code: 'ENOENT',
    path: '/no/such/capture',
  });
  expect(await eventsOf(watcher)).toEqual([]);
});

describe('ending', () => {
  test('a signal that was aborted before the start leaves nothing to iterate', async () => {
    const watcher = watch({ capture: storm, signal: AbortSignal.abort() });
    expect(await eventsOf(watcher)).toEqual([]);
    expect(openDescriptors(storm)).toBe(0);
  });

  test('a signal that is aborted during the iteration ends it without an error', async () => {
    const controller = new AbortController();
    const watcher = watch({ capture: storm, signal: controller.signal });
    let kills = 0;
    for await (const _ of watcher) {
      if (++kills === 1) controller.abort();
    }
    expect(kills).toBeGreaterThanOrEqual(1);
    await untilClosed(storm);
  });

  test('watches that come and go leave no listener on the signal that outlives them', async () => {
    const { signal } = new AbortController();
    const added: unknown[] = [];
    const removed: unknown[] = [];
    const { addEventListener, removeEventListener } = signal;
    signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
      added.push(args[1]);
      addEventListener.apply(signal, args);
    };
    signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
      removed.push(args[1]);
      removeEventListener.apply(signal, args);
    };
    await eventsOf(watch({ capture: storm, signal }));
    expect(added).toHaveLength(1);
    expect(removed).toContain(added[0]);
  });

  test('closing twice, before and after the iteration, is one closing', async () => {
    const watcher = watch({ capture: storm });
    watcher.close();
    watcher.close();
    expect(await eventsOf(watcher)).toEqual([]);
    watcher.close();
  });

  test('a consumer that leaves the loop closes the file', async () => {
    for await (const _ of watch({ capture: storm })) break;
    await untilClosed(storm);
    for await (const _ of watch({ capture: storm }).events()) break;
    await untilClosed(storm);
  });

  test('a consumer that throws closes the file', async () => {
    const consume = async () => {
      for await (const _ of watch({ capture: storm })) throw new Error('consumer');
    };
    await expect(consume()).rejects.toThrow('consumer');
    await untilClosed(storm);
  });

  test('a watch that is over says nothing a second time', async () => {
    const watcher = watch({ capture: storm });
    await eventsOf(watcher);
    const before = watcher.stats();
    expect(await eventsOf(watcher)).toEqual([]);
    expect(watcher.stats()).toEqual(before);
  });
});

test.each(sampleNames)(
  'the sample %s of @oomwatcher/oom/testing is what a watch says of its capture',
  async (name) => {
    const kills = [];
    for await (const kill of watch({ capture: sampleCapture(name) })) kills.push(kill);
    expect(kills).toMatchObject(sampleKills(name));
  },
);
