import { readFileSync } from 'node:fs';
import type { Kill, OomEvent } from '@oomwatcher/oom';
import { describe, expect, test } from 'vitest';
import { capture, printedLog } from '../../agent/test/support/captures.js';
import { CapturedLog } from '../src/captured-log.js';

function understand(bytes: Uint8Array | string, chunkBytes = Number.POSITIVE_INFINITY) {
  const log = new CapturedLog('capture');
  const whole = Buffer.from(bytes as Uint8Array);
  const events: OomEvent[] = [];
  for (let at = 0; at < whole.length; at += chunkBytes) {
    events.push(...log.push(whole.subarray(at, at + chunkBytes)));
  }
  events.push(...log.end());
  return { log, events, kills: killsOf(events) };
}

function killsOf(events: OomEvent[]): Kill[] {
  return events.flatMap((event) => (event.kind === 'kill' ? [event.kill] : []));
}

const single = readFileSync(capture('6.1.0-56--a-single'));
const records = single.toString('latin1').split(/\n(?! )/);
const killAt = records.findIndex((record) => record.includes('Killed process'));
const reportAlone = Buffer.from(`${records.slice(0, killAt).join('\n')}\n`, 'latin1');
const killAlone = Buffer.from(`${records[killAt]}\n`, 'latin1');

/** The kill line with another sequence number. */
const killWithSeq = (change: (seq: number) => number) =>
  Buffer.from(
    killAlone
      .toString('latin1')
      .replace(/^(\d+),(\d+)/, (_, priority, seq) => `${priority},${change(Number(seq))}`),
    'latin1',
  );

const unplaced = { complete: false };

function expectNothingInherited(kill: Kill | undefined): void {
  expect(kill).toMatchObject(unplaced);
  for (const field of ['cgroup', 'memory', 'trigger', 'tasks']) {
    expect(kill).not.toHaveProperty(field);
  }
}

test('the kill that these tests take apart is whole', () => {
  const { kills, log } = understand(single);
  expect(kills).toHaveLength(1);
  expect(kills[0]).toMatchObject({ complete: true, cgroup: { from: 'log' } });
  expect(log.format).toBe('kmsg');
  expect(log.tellsForgeries).toBe(true);
});

test('where the chunks are cut makes no difference', () => {
  const whole = understand(single).events;
  for (const chunkBytes of [1, 7, 4096]) {
    expect(understand(single, chunkBytes).events).toEqual(whole);
  }
});

describe('captures one after another', () => {
  test('give no two kills the same id', () => {
    const ids = understand(Buffer.concat([single, single, single])).kills.map(({ id }) => id);
    expect(ids).toHaveLength(3);
    expect(ids[0]).toMatch(/^capture:\d+$/);
    expect(new Set(ids).size).toBe(3);
  });

  test('a report at the end of one is not that of a kill at the beginning of the next', () => {
    const { kills } = understand(Buffer.concat([reportAlone, killWithSeq((seq) => seq - 100)]));
    // The report proves a kill of its own.
    const [reported, ...proven] = kills.toSorted((a, b) => Number(a.seq) - Number(b.seq));
    expect(proven.map(({ missing }) => missing)).toEqual(['kill-line']);
    expectNothingInherited(reported);
  });

  test('add up in the account', () => {
    const forged = Buffer.from(
      '12,5,1000,-;Out of memory: Killed process 1 (init) total-vm:1kB, anon-rss:1kB, file-rss:0kB, shmem-rss:0kB\n',
    );
    const group = readFileSync(capture('6.1.0-56--c-group'));
    const { log, kills } = understand(Buffer.concat([forged, group, forged, group, forged]));
    expect(log.stats).toMatchObject({ forged: 3, repeats: 2 });
    expect(kills).toHaveLength(10);
  });
});

describe('a loss', () => {
  test('closes the report that it cut', () => {
    const { kills, log } = understand(Buffer.concat([reportAlone, killWithSeq((seq) => seq + 12)]));
    expect(kills).toHaveLength(1);
    expectNothingInherited(kills[0]);
    expect(log.stats.lost).toBe(12);
  });

  test('of nothing is none', () => {
    expect(understand(single).log.stats.lost).toBe(0);
  });
});

describe('a journal export', () => {
  const bootId = '6ec1aaae8dd641ceb5cd07d668a802f1';
  const otherBoot = 'f'.repeat(32);
  const journal = printedLog('6.18-hostile-name.journal.export').toString('latin1');
  const laterBoot = journal.replaceAll(bootId, otherBoot);
  const dashedBootId = '6ec1aaae-8dd6-41ce-b5cd-07d668a802f1';
  const dashedOtherBoot = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
  const separator = journal.endsWith('\n\n') ? '' : '\n';
  const bytes = (...parts: string[]) => Buffer.from(parts.join(separator), 'latin1');

  test('with several boots gives each kill its own boot, as /proc writes it', () => {
    const { kills, log } = understand(bytes(journal, laterBoot));
    expect(log.format).toBe('journal-export');
    const alone = understand(bytes(journal)).kills;
    expect(alone.length).toBeGreaterThan(0);
    expect(kills.map((kill) => kill.bootId)).toEqual([
      ...alone.map(() => dashedBootId),
      ...alone.map(() => dashedOtherBoot),
    ]);
    expect(new Set(kills.map(({ id }) => id)).size).toBe(kills.length);
  });

  test('does not pass the number of an entry off as a sequence number of the kernel', () => {
    const [kill] = understand(bytes(journal)).kills;
    expect(kill).not.toHaveProperty('seq');
    expect(kill?.id).toMatch(/^capture:\d+$/);
  });

  test('that goes back to an earlier boot gives no id a second time', () => {
    const { kills } = understand(bytes(journal, laterBoot, journal));
    expect(new Set(kills.map(({ id }) => id)).size).toBe(kills.length);
  });

  test("a report that a reboot cut is not that of the next boot's first kill", () => {
    const entries = journal.split('\n\n__CURSOR');
    const at = entries.findIndex((entry) => entry.includes('Killed process'));
    const cut = entries.slice(0, at).join('\n\n__CURSOR');
    const rest = `__CURSOR${entries[at]}\n`.replaceAll(bootId, otherBoot);
    const { kills } = understand(Buffer.from(`${cut}\n\n${rest}`, 'latin1'));
    // The report proves a kill of its own boot.
    expect(kills.map(({ missing }) => missing)).toEqual(['kill-line', undefined]);
    expect(kills[1]?.bootId).toBe(dashedOtherBoot);
    expectNothingInherited(kills[1]);
  });
});

test('a format without priorities does not claim to recognise forgeries', () => {
  const { log, kills } = understand(printedLog('6.18-hostile-name.dmesg.txt'));
  expect(kills.length).toBeGreaterThan(0);
  expect(log.format).toBe('dmesg');
  expect(log.tellsForgeries).toBe(false);
});

test.each([
  ['nothing', ''],
  ['three bytes', '6,1'],
  ['a newline', '\n'],
  ['zeros', '\0'.repeat(100_000)],
])('%s is no kill and no error', (_, bytes) => {
  const { events, log } = understand(bytes);
  expect(events).toEqual([]);
  expect(log.stats).toMatchObject({ lost: 0, forged: 0, repeats: 0 });
});
