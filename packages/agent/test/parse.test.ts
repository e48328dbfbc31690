import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseCommand } from '../src/cli/commands/parse.js';
import { capture, printedLog } from './support/captures.js';
import { collector } from './support/outputs.js';
import { temporaryFile } from './support/temporary.js';

test('kills of several files never share an id', async () => {
  const { kills, notices, reporter } = collector();
  const path = capture('6.1.0-56--a-single');
  const twice = temporaryFile(Buffer.concat([readFileSync(path), readFileSync(path)]));
  await parseCommand([twice, path, path], {}, reporter);
  const ids = kills.map(({ id }) => id);
  expect(ids).toHaveLength(4);
  expect(new Set(ids).size).toBe(4);
  expect(notices).toMatchObject([
    { kind: 'summary', file: twice, kills: 2, format: 'kmsg' },
    { kind: 'summary', file: path, kills: 1 },
    { kind: 'summary', file: path, kills: 1 },
  ]);
});

test('a file that is not there does not take back what the files before it reported', async () => {
  const { kills, notices, reporter } = collector();
  const names = [capture('6.1.0-56--a-single'), '/no/such/log'];
  await expect(parseCommand(names, {}, reporter)).rejects.toThrow('/no/such/log (ENOENT)');
  expect(kills).toHaveLength(1);
  expect(notices).toMatchObject([{ kind: 'summary', kills: 1 }]);
});

test('an empty file says that there was nothing to read', async () => {
  const { kills, notices, reporter } = collector();
  await parseCommand([temporaryFile('')], {}, reporter);
  expect(kills).toEqual([]);
  expect(notices).toMatchObject([{ kind: 'summary', kills: 0, format: 'nothing readable' }]);
});

test('a file in which nothing is readable is an error that says what it is', async () => {
  const { reporter } = collector();
  const junk = Buffer.from(Uint8Array.from({ length: 50_000 }, (_, at) => (at * 7919) >>> 3));
  await expect(parseCommand([temporaryFile(junk)], {}, reporter)).rejects.toThrow(
    'is binary data without a line that oomwatcher reads',
  );
  const zip = Buffer.from('PK\x03\x04rest', 'latin1');
  await expect(parseCommand([temporaryFile(zip)], {}, reporter)).rejects.toThrow(
    'is a zip archive, which is not read: give a file of it as unzip -p',
  );
});

test.each([
  ['prose', 'The grass is green.\nAnd so is 草.\n'],
  ['a program', 'for (const x of y) {\n  print(x);\n}\n'.repeat(30)],
])('%s is not taken for a log without kills', async (_, text) => {
  const { notices, reporter } = collector();
  await expect(parseCommand([temporaryFile(text)], {}, reporter)).rejects.toThrow(
    /is text without a line that oomwatcher reads: give it dmesg/,
  );
  expect(notices).toEqual([]);
});

test('lines without any head are a log when a kill is in them', async () => {
  const { kills, reporter } = collector();
  const line =
    'Out of memory: Killed process 7 (app) total-vm:1kB, anon-rss:1kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:4kB oom_score_adj:0';
  await parseCommand([temporaryFile(`eth0: link up\n${line}\n`)], {}, reporter);
  expect(kills).toHaveLength(1);
});

test('the first line that was not understood is reported by its number', async () => {
  const { notices, reporter } = collector();
  const unknown = 'Nov 23 16:00:01 n kernel: Killed process 12 (java) for its colour\n';
  const log = `${'Nov 23 16:00:00 n kernel: eth0: up\n'.repeat(811)}${unknown}${unknown}`;
  await parseCommand([temporaryFile(log)], {}, reporter);
  expect(notices).toMatchObject([{ kind: 'summary', notUnderstood: 2, notUnderstoodLine: 812 }]);
});

test('kills from a log that cannot recognise forgeries come with that warning', async () => {
  const { kills, notices, reporter } = collector();
  await parseCommand([temporaryFile(printedLog('6.18-hostile-name.dmesg.txt'))], {}, reporter);
  expect(kills.length).toBeGreaterThan(0);
  expect(notices[0]).toEqual({ kind: 'priorities', format: 'dmesg' });
});

test('a forged line in a captured log is a notice, never a kill', async () => {
  const { kills, notices, reporter } = collector();
  const text =
    'Out of memory: Killed process 1 (init) total-vm:1kB, anon-rss:1kB, file-rss:0kB, shmem-rss:0kB';
  await parseCommand([temporaryFile(`12,5,1000,-;${text}\n`)], {}, reporter);
  expect(kills).toEqual([]);
  expect(notices).toMatchObject([
    { kind: 'forged', seq: 5, text },
    { kind: 'summary', kills: 0, forged: 1 },
  ]);
});

test('times that name no zone are those of the zone that was given', async () => {
  const log = temporaryFile(printedLog('6.18-hostile-name.dmesg-T.txt'));
  const timeAt = async (utcOffsetMinutes: number) => {
    const { kills, reporter } = collector();
    await parseCommand([log], { utcOffsetMinutes }, reporter);
    return Date.parse(kills[0]?.time ?? '');
  };
  expect((await timeAt(0)) - (await timeAt(120))).toBe(2 * 3_600_000);
});

test.each([
  ['Nov 23 16:00:00 worker-3 kernel: ', '11-23T16:00:00'],
  ['2026-11-23 16:00:00 worker-3 kernel: ', '2026-11-23T16:00:00'],
  ['[Mon Nov 23 16:00:00 2026] ', '2026-11-23T16:00:00'],
])(
  'a time without a zone is shown as it stands there, and the flag is named: %s',
  async (head, localTime) => {
    const line = `${head}Out of memory: Killed process 4242 (nginx) total-vm:102400kB, anon-rss:16000kB, file-rss:384kB, shmem-rss:0kB, UID:33 pgtables:84kB oom_score_adj:0\n`;
    const path = temporaryFile(line);
    const without = collector();
    await parseCommand([path], {}, without.reporter);
    expect(without.kills).toMatchObject([{ localTime }]);
    expect(without.kills[0]).not.toHaveProperty('time');
    expect(without.notices.map(({ kind }) => kind)).toEqual(['zone', 'priorities', 'summary']);
    const told = collector();
    await parseCommand([path], { utcOffsetMinutes: 60 }, told.reporter);
    expect(told.kills).toMatchObject([
      { time: expect.stringMatching(/-11-23T15:00:00\.000000Z$/) },
    ]);
    expect(told.kills[0]).not.toHaveProperty('localTime');
    expect(told.notices.map(({ kind }) => kind)).toEqual(['priorities', 'summary']);
  },
);
