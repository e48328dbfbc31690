import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { csvHeader, csvLine } from '@oomwatcher/dashboard';
import { cellsOf } from '@oomwatcher/explain';
import { chinese } from '@oomwatcher/explain/chinese';
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
import { historyKillCommand, historyReportCommand } from '../src/cli/commands/history-kill.js';
import { HistoryTable } from '../src/output/history-table.js';
import { capture } from './support/captures.js';
import { captureOutputs } from './support/outputs.js';

type Query = Parameters<typeof historyCommand>[0]['query'];

async function ids(stateDir: string, query: Query = {}): Promise<string[]> {
  const { stdout } = captureOutputs();
  await historyCommand({ stateDir, form: 'json', query });
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
    historyCommand({ stateDir: '/no/such', form: 'table', query: {} }),
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
  await expect(historyCommand({ stateDir: folder, form: 'table', query: {} })).rejects.toThrow(
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
    ['b:3', /history lists the ids/],
  ] as const) {
    await expect(historyReportCommand({ stateDir: folder, json: true, id })).rejects.toThrow(
      sentence,
    );
  }
});

const journalled = (kill: typeof wholeKill) => ({ row: 1, kill, recordedMs: 0, historic: false });

const table = (kills: readonly (typeof wholeKill)[], width?: number) => {
  const sample = kills.map(journalled);
  const made = new HistoryTable(sample, width, plain);
  return [made.header, ...sample.map((kill) => made.line(kill))];
};

const inPod = {
  ...wholeKill,
  pod: { uid: 'u', namespace: 'shop', name: 'checkout-7d9f8b6c5d-x2x4q', container: 'app' },
};

test('columns lie under one another and under their titles', () => {
  const [header = '', ...lines] = table([inPod, bareKill, wholeKill]);
  expect(header).toMatch(/^ID {2}TIME +PROCESS +PID +USED\/LIMIT +WHERE$/);
  const place = header.indexOf('WHERE');
  expect(lines[0]).toMatch(
    /^1 {3}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d +nginx +4242 +256\.0\/512\.0 MiB +shop\/checkout-7d9f8b6c5d-x2x4q app$/,
  );
  expect(lines[1]).toMatch(/^1 {3}<\d{4}.* {2}\(its line lost\) +in an unknown cgroup$/);
  expect(lines.map((line) => line.slice(place).split(' ')[0])).toEqual([
    'shop/checkout-7d9f8b6c5d-x2x4q',
    'in',
    '/pod/app',
  ]);
});

test.each([40, 60, 80, 100, 132, 200])('no line is longer than %i columns', (width) => {
  const wideName = { ...inPod, victim: { pid: 4_194_304, name: '漢字漢字漢字漢字漢字漢字' } };
  const deep = { ...wholeKill, cgroup: { victim: `/kubepods.slice/${'deep/'.repeat(60)}end` } };
  const big = { ...wholeKill, memory: { usageKiB: 999_999_999, limitKiB: 123_456_789_012 } };
  const lines = table([inPod, wideName, deep, big, bareKill], width);
  for (const line of lines) expect(cellsOf(line)).toBeLessThanOrEqual(width);
  if (width >= 80) {
    expect(lines[1]).toContain('shop/checkout');
    expect(lines[1]).toContain('256.0/512.0 MiB');
    expect(lines[3], 'the end of a path says most').toMatch(/….*deep\/end$/);
  }
});

test('a later kill that is wider than the first ones moves no column', () => {
  const made = new HistoryTable([journalled(bareKill)], 80, plain);
  const line = made.line({ ...journalled(inPod), row: 123_456 });
  expect(cellsOf(line)).toBeLessThanOrEqual(80);
});

test('whatever a victim and its pod are called, a kill is one harmless line of the width', () => {
  const pod = { uid: 'u', namespace: 'a', name: 'b', container: 'c' };
  for (const kill of [wholeKill, { ...wholeKill, pod }]) {
    for (const line of table([withHostileTexts(kill)], 80)) {
      expect(line).not.toMatch(invisible);
      expect(line).not.toContain('\n');
    }
    const csv = csvLine(journalled(withHostileTexts(kill)));
    expect(csv).not.toMatch(invisible);
    expect(csv).not.toContain('\n');
  }
});

test('a spreadsheet gets a cell a column and computes nothing that a victim is called', () => {
  const kill = { ...inPod, victim: { pid: 7, name: '=HYPERLINK("x",1)', anonRssKiB: 9 } };
  const line = csvLine(journalled(kill));
  expect(line).toContain(`"'=HYPERLINK(""x"",1)",7,shop,`);
  const cells = line.match(/("(?:[^"]|"")*"|[^,]*)(,|$)/g)?.slice(0, -1);
  expect(cells).toHaveLength(csvHeader.split(',').length);
});

test('a name that no kill has is not answered by silence', async () => {
  const folder = temporaryFolder();
  record(openJournal(folder), killsOf(1, 3));
  const { stdout, stderr } = captureOutputs();
  const query = { namespace: 'shop', pod: 'wbe', sinceMs: 0 };
  await historyCommand({ stateDir: folder, form: 'table', query });
  expect(stdout()).toBe('');
  expect(stderr()).toMatch(
    /^oomwatcher: no kill of pod shop\/wbe since 1970-01-01T00:00:00.000Z is in the journal of /,
  );
});

test('the workload that a kill is of can be asked for, and is summed up below the list', async () => {
  const folder = temporaryFolder();
  const journal = openJournal(folder);
  const owner = { kind: 'Deployment', name: 'checkout' };
  const time = new Date().toISOString();
  for (let i = 0; i < 3; i++) {
    record(journal, killsOf(i, 1, { time, pod: { ...inPod.pod, name: `p${i}`, owner } }));
  }
  record(journal, killsOf(9, 1, { time }));
  const { stdout, stderr } = captureOutputs();
  await historyCommand({ stateDir: folder, form: 'table', query: {}, workload: 'shop/checkout' });
  expect(stdout().trimEnd().split('\n')).toHaveLength(4);
  expect(stderr()).toMatch(/^3rd kill of deployment shop\/checkout today, every .*\n$/);
  const { stderr: none } = captureOutputs();
  await historyCommand({ stateDir: folder, form: 'table', query: {}, workload: 'chekcout' });
  expect(none()).toMatch(/no kill of workload chekcout is in the journal/);
  const { stdout: explained } = captureOutputs();
  await historyKillCommand({ stateDir: folder, json: false, id: '3' });
  expect(explained()).toMatch(/How often +3rd kill of deployment shop\/checkout today/);
  const { stdout: inChinese } = captureOutputs();
  await historyKillCommand({ stateDir: folder, json: false, id: '3', words: chinese });
  expect(inChinese()).toMatch(/频率 +deployment shop\/checkout 今天第 3 次 kill/);
});

test('one kill is explained by its short id as by its own', async () => {
  const folder = temporaryFolder();
  record(openJournal(folder), killsOf(1, 3));
  const explained = async (id: string, json = false) => {
    const { stdout } = captureOutputs();
    await historyKillCommand({ stateDir: folder, json, id });
    return stdout();
  };
  expect(await explained('2')).toBe(await explained('b:2'));
  expect(await explained('2')).toMatch(/^OOM kill .*\n +Killed/);
  expect(JSON.parse(await explained('2', true)).id).toBe('b:2');
  await expect(explained('4')).rejects.toThrow(/no kill .* has the id 4/);
});

const nowMs = new Date(1970, 0, 1, 20).getTime();

test.each([
  ['90s', nowMs - 90_000],
  ['2h', nowMs - 7_200_000],
  ['1970-01-01', new Date(1970, 0, 1).getTime()],
  ['1970-01-01T12:00', new Date(1970, 0, 1, 12).getTime()],
  ['today', new Date(1970, 0, 1).getTime()],
  ['yesterday', new Date(1969, 11, 31).getTime()],
  ['1970-01-01T00:00:05Z', 5000],
])('%s is a point in time', (text, ms) => {
  expect(parsePointInTime(text, nowMs)).toBe(ms);
});

test.each(['', 'constructor', 'tomorrow', '5', '2026-13-40', '2026', '-1h'])(
  '%j is none',
  (text) => {
    expect(() => parsePointInTime(text, 0)).toThrow('Write it as');
  },
);

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
  await historyCommand({ stateDir: folder, form: 'json', query: {} });
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
