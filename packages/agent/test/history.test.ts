import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CapturedLog } from '@oomwatcher/logs';
import { expect, onTestFinished, test } from 'vitest';
import { needs, otherUser } from '../../../test/support/needs.ts';
import { killsOf, openJournal, record } from '../../journal/test/support/journals.js';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';
import {
  bareKill,
  hostileName,
  invisible,
  plain,
  wholeKill,
  withHostileTexts,
} from '../../oom/test/support/kills.js';
import { parsePointInTime } from '../src/cli/arguments/point-in-time.js';
import { historyCommand } from '../src/cli/commands/history.js';
import { historyReportCommand } from '../src/cli/commands/history-report.js';
import { historyLine } from '../src/output/history-line.js';
import { capture } from './support/captures.js';
import { captureOutputs } from './support/outputs.js';

type Query = Parameters<typeof historyCommand>[0]['query'];

async function ids(stateDir: string, query: Query = {}): Promise<string[]> {
  const { stdout } = captureOutputs();
  await historyCommand({ stateDir, json: true, query });
  const lines = stdout().split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line).id);
}

test('the newest comes last, over page borders, while the agent has the journal', async () => {
  const folder = temporaryFolder();
  record(openJournal(folder), killsOf(1, 1234));
  expect(await ids(folder)).toEqual(killsOf(1, 1234).map(({ id }) => id));
});

test('a limit keeps the newest, of those that were asked for', async () => {
  const folder = temporaryFolder();
  const journal = openJournal(folder);
  for (let i = 0; i < 20; i++) {
    const pod = { uid: 'u', namespace: 'shop', name: i % 2 === 0 ? 'web' : 'db', container: 'app' };
    record(journal, killsOf(i, 1, { pod }));
  }
  expect(await ids(folder, { limit: 3 })).toEqual(['b:17', 'b:18', 'b:19']);
  expect(await ids(folder, { limit: 3, namespace: 'shop', pod: 'web' })).toEqual([
    'b:14',
    'b:16',
    'b:18',
  ]);
  expect(await ids(folder, { limit: 100, container: 'app' })).toHaveLength(20);
  expect(await ids(folder, { namespace: 'another' })).toEqual([]);
});

test('from and until are of the kernel’s time', async () => {
  const folder = temporaryFolder();
  const journal = openJournal(folder);
  for (let hour = 0; hour < 5; hour++) {
    record(journal, killsOf(hour, 1, { time: `2026-11-24T0${hour}:00:00.000000Z` }));
  }
  const sinceMs = Date.parse('2026-11-24T01:00:00Z');
  const untilMs = Date.parse('2026-11-24T03:00:00Z');
  expect(await ids(folder, { sinceMs, untilMs })).toEqual(['b:1', 'b:2']);
});

test('without a journal it says where it looked and what to do', async () => {
  await expect(
    historyCommand({ stateDir: '/no/such', json: false, query: {} }),
  ).rejects.toMatchObject({
    name: 'JournalTrouble',
    message: expect.stringMatching(/no journal in \/no\/such: start oomwatcher run.*--state-dir/),
  });
});

needs(otherUser).test('a journal that this user may not see is not reported as none', async () => {
  const folder = temporaryFolder();
  openJournal(folder);
  chmodSync(folder, 0o700);
  const own = process.geteuid?.() as number;
  process.seteuid?.(65534);
  onTestFinished(() => process.seteuid?.(own));
  await expect(historyCommand({ stateDir: folder, json: false, query: {} })).rejects.toThrow(
    /may not be read \(EACCES\): run it as root .*--state-dir$/,
  );
});

test('a kill’s own lines are reported in a form that parse understands as that kill', async () => {
  const folder = temporaryFolder();
  const log = new CapturedLog('c', { keepsReports: true });
  const events = [...log.push(readFileSync(capture('6.1.0-56--f-storm'))), ...log.end()];
  const reported = events.flatMap((event) => (event.kind === 'kill' ? [event] : []));
  const kills = reported.map(({ kill }) => kill);
  const reports = new Map(reported.map(({ kill, report }) => [kill.id, report!]));
  openJournal(folder).append({ kills, cursor: undefined, tallies: {}, reports });
  for (const { id, victim, cgroup, complete } of [kills[0]!, kills.at(-1)!]) {
    const { stdout } = captureOutputs();
    await historyReportCommand({ stateDir: folder, json: false, id });
    const again = new CapturedLog('again');
    const understood = [...again.push(Buffer.from(stdout())), ...again.end()];
    expect(understood).toMatchObject([{ kill: { victim, complete } }]);
    expect(understood[0]).toHaveProperty('kill.cgroup', cgroup);
  }
});

test('of a report that is not whole it is said where lines are left out, and no name is shown raw', async () => {
  const folder = temporaryFolder();
  const kills = killsOf(1, 2);
  const report = { lines: ['first', hostileName], leftOut: { count: 12, after: 1 } };
  const reports = new Map([['b:1', report]]);
  openJournal(folder).append({ kills, cursor: undefined, tallies: {}, reports });
  const { stdout } = captureOutputs();
  await historyReportCommand({ stateDir: folder, json: false, id: 'b:1' });
  const lines = stdout().split('\n');
  expect(lines.slice(0, 2)).toEqual(['first', '... 12 lines are left out ...']);
  expect(lines).toHaveLength(4);
  expect(lines.join('')).not.toMatch(invisible);
  const { stdout: json } = captureOutputs();
  await historyReportCommand({ stateDir: folder, json: true, id: 'b:1' });
  expect(JSON.parse(json())).toEqual({ schema: 'oomwatcher.report/v1', id: 'b:1', ...report });
  expect(json()).not.toMatch(/[^\n]\n./);
  for (const [id, sentence] of [
    ['b:2', /are not kept/],
    ['b:3', /history --json lists the ids/],
  ] as const) {
    await expect(historyReportCommand({ stateDir: folder, json: true, id })).rejects.toThrow(
      sentence,
    );
  }
});

const journalled = (kill: typeof wholeKill) => ({ row: 1, kill, recordedMs: 0, historic: false });

test('columns lie under one another', () => {
  const named = {
    ...wholeKill,
    pod: { uid: 'u', namespace: 'shop', name: 'web-7f', container: 'app' },
  };
  const lines = [named, bareKill, wholeKill].map((kill) => historyLine(journalled(kill), plain));
  expect(lines[0]).toMatch(
    /^ \d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}nginx \(4242\) +256\.0 MiB of 512\.0 MiB +shop\/web-7f app$/,
  );
  expect(lines[1]).toMatch(/^<\d{4}.* {2}\(its line was lost\) +in an unknown cgroup$/);
  const place = lines[0]?.indexOf('shop/web-7f');
  expect(lines[1]?.indexOf('in an unknown cgroup')).toBe(place);
  expect(lines[2]?.indexOf('/pod/app')).toBe(place);
});

test('whatever a victim and its pod are called, a kill is one harmless line', () => {
  const pod = { uid: 'u', namespace: 'a', name: 'b', container: 'c' };
  for (const kill of [wholeKill, { ...wholeKill, pod }]) {
    const line = historyLine(journalled(withHostileTexts(kill)), plain);
    expect(line).not.toMatch(invisible);
    expect(line).not.toContain('\n');
  }
});

test.each([
  ['90s', 9_910_000],
  ['2h', 10_000_000 - 7_200_000],
  ['1970-01-01', 0],
  ['1970-01-01T00:00:05Z', 5000],
])('%s is a point in time', (text, ms) => {
  expect(parsePointInTime(text, 10_000_000)).toBe(ms);
});

test.each(['', 'yesterday', '5', '2026-13-40', '2026', '-1h'])('%j is none', (text) => {
  expect(() => parsePointInTime(text, 0)).toThrow('Write it as');
});

test('of a journal with damaged pages every whole record is printed, and the rest is counted', async () => {
  const folder = temporaryFolder();
  const journal = openJournal(folder);
  const kills = killsOf(1, 2000);
  record(journal, kills);
  journal.close();
  const path = join(folder, 'journal.db');
  const bytes = readFileSync(path);
  // A page in the middle of the records.
  const page = Math.trunc(bytes.indexOf('"id":"b:1000"') / 4096) * 4096;
  const lost = kills.filter(({ id }) => {
    const at = bytes.indexOf(`"id":"${id}"`);
    return at >= page && at < page + 4096;
  });
  writeFileSync(path, bytes.fill(0, page, page + 4096));
  const { stdout, stderr } = captureOutputs();
  await historyCommand({ stateDir: folder, json: true, query: {} });
  const given = stdout().split('\n').slice(0, -1);
  const gone = new Set(lost.map(({ id }) => id));
  expect(given.map((line) => JSON.parse(line).id)).toEqual(
    kills.map(({ id }) => id).filter((id) => !gone.has(id)),
  );
  expect(lost.length).toBeGreaterThan(1);
  expect(stderr()).toBe(
    `oomwatcher: ${lost.length} records of the journal cannot be read and are left out: check the disk, and keep the file before the agent runs again, which puts a damaged journal aside\n`,
  );
});
