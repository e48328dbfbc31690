import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  account,
  Follower,
  type Journal,
  JournalTrouble,
  killPages,
  readBoot,
  readJournal,
} from '@oomwatcher/journal';
import { expect, onTestFinished, test } from 'vitest';
import { killsOf, openJournal, record, reportsOf } from '../../journal/test/support/journals.js';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';
import { DesiredEvents, derivedTo } from '../../kubernetes/src/desired-events.js';
import { wholeKill } from '../../oom/test/support/kills.js';
import { indexPage, killPage, oneKill } from '../src/http/kill-queries.js';
import { KillCounts } from '../src/sinks/metrics/kill-counts.js';
import { deliveredTo } from '../src/sinks/otlp/otlp-sink.js';
import { randomOf } from './support/random.js';

/** The same ones each time; before a release OOMWATCHER_DAMAGED_JOURNALS=2000. */
const journals = Number(process.env.OOMWATCHER_DAMAGED_JOURNALS ?? 100);
const seed = Number(process.env.OOMWATCHER_SEED ?? 20_261_128);
const kills = 150;
const pageBytes = 4096;

const eventRules = {
  nodeEvents: 'all',
  windowMs: 6e5,
  lookbackMs: 1e15,
  eventLifeMs: 1e15,
} as const;

/** A journal with rows in every table, closed. */
function wholeJournal(): Buffer {
  const folder = temporaryFolder();
  const journal = openJournal(folder);
  for (let first = 1; first <= kills; first += 30) {
    const some = killsOf(first, 30, { ...wholeKill, bootId: 'b' }).map((kill, index) => ({
      ...kill,
      id: `b:${first + index}`,
      seq: first + index,
      pod: { uid: `u${index % 7}`, namespace: 'shop', name: `web-${index % 7}`, container: 'app' },
    }));
    journal.append({
      kills: some,
      cursor: { bootId: 'b', seq: BigInt(first + 29) },
      tallies: { repeats: 1, beforeFirstWatch: 0 },
      reports: reportsOf(some),
    });
  }
  new KillCounts(journal).stop();
  deriveAll(journal);
  journal.store.write((db) => deliveredTo.save(db, 90));
  journal.close();
  return readFileSync(join(folder, 'journal.db'));
}

function deriveAll(journal: Journal): DesiredEvents {
  const events = new DesiredEvents(journal.store, eventRules);
  const follower = new Follower(journal, { position: derivedTo });
  const kills = follower.next(1000);
  follower.took(kills, (db) => events.derive(db, kills, Date.now()));
  return events;
}

function damaged(whole: Buffer, random: (below: number) => number): Buffer {
  const bytes = Buffer.from(whole);
  const pages = bytes.length / pageBytes;
  switch (random(8)) {
    case 0:
      return bytes.subarray(0, random(bytes.length));
    case 1: {
      const page = random(pages) * pageBytes;
      for (let i = 0; i < pageBytes; i++) bytes[page + i] = random(256);
      return bytes;
    }
    case 4:
      for (let i = 0; i < pageBytes; i++) bytes[random(pages) * pageBytes + i] = random(256);
      return bytes;
    case 2:
      return bytes.fill(0, random(pages) * pageBytes);
    case 3: {
      const [from, to] = [random(pages) * pageBytes, random(pages) * pageBytes];
      bytes.copy(bytes, to, from, from + pageBytes);
      return bytes;
    }
    default: {
      const bits = random(4) === 0 ? 1 : 1 + random(50);
      for (let i = 0; i < bits; i++) {
        const at = random(bytes.length);
        bytes[at] = (bytes[at] as number) ^ (1 << random(8));
      }
      return bytes;
    }
  }
}

/** The rows of which SQLite still gives what was written, each asked for by its number. */
function readableRows(path: string, written: ReadonlyMap<number, string>): number[] {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { readOnly: true });
    const select = db.prepare('SELECT * FROM kills WHERE row = ?');
    return [...written].flatMap(([row, record]) => {
      try {
        return JSON.stringify(select.get(row)) === record ? [row] : [];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  } finally {
    db?.close();
  }
}

/** What `history` gives of it while no agent runs, and `account`. */
async function readBeside(folder: string): Promise<Set<string>> {
  const given = new Set<string>();
  try {
    await readJournal(folder, (db, path) => {
      for (const page of killPages(db, path, {})) for (const { kill } of page) given.add(kill.id);
      const newest = [...killPages(db, path, { limit: 5 })].flat().map(({ kill }) => kill.id);
      expect(newest).toEqual([...given].slice(-5));
      account('b', readBoot(db, 'b'), 1000);
    });
  } catch (error) {
    if (!(error instanceof JournalTrouble)) throw error;
  }
  return given;
}

/** What is asked of a journal by all that read it. */
function askAll(journal: Journal): void {
  for (const parameters of [
    '',
    'limit=7',
    'namespace=shop&pod=web-1',
    'since=0',
    'scope=container',
  ]) {
    for (const page of [killPage, indexPage]) {
      const { status, body } = page(journal, new URLSearchParams(parameters));
      expect(status).toBe(200);
      JSON.parse(String(body));
    }
  }
  for (const row of [1, kills / 2, kills])
    expect([200, 404]).toContain(oneKill(journal, row).status);
  account('b', journal.boot('b'), 1000);
  const counts = new KillCounts(journal);
  counts.stop();
  expect(Number.isSafeInteger(counts.total)).toBe(true);
  const events = deriveAll(journal);
  for (const head of events.heads(Date.now() + 1e6, 5000)) events.event(head);
  events.backlog();
  events.prune(Date.now());
  expect(journal.store.read(deliveredTo.read) ?? 0).toBeGreaterThanOrEqual(0);
}

test(`${journals} damaged journals, seed ${seed}: each start goes on, and no whole record is lost`, {
  timeout: 600_000,
}, async () => {
  const whole = wholeJournal();
  // In memory, where it may be: every start waits for the disk.
  const root = existsSync('/dev/shm') ? mkdtempSync('/dev/shm/oomwatcher-') : temporaryFolder();
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const original = join(root, 'original.db');
  writeFileSync(original, whole);
  const db = new DatabaseSync(original);
  const written = new Map(
    db
      .prepare('SELECT * FROM kills')
      .all()
      .map((record) => [record.row as number, JSON.stringify(record)]),
  );
  db.close();
  const random = randomOf(seed);
  const seen = { aside: 0, leftOut: 0, untouched: 0 };
  for (let i = 0; i < journals; i++) {
    const folder = join(root, `${i}`);
    mkdirSync(folder);
    const path = join(folder, 'journal.db');
    const bytes = damaged(whole, random);
    writeFileSync(path, bytes);
    const readable = readableRows(path, written);
    const given = await readBeside(folder);
    expect(
      readable.filter((row) => !given.has(`b:${row}`)),
      `history of ${i}`,
    ).toEqual([]);
    const reported: string[] = [];
    const journal = openJournal(folder, {
      keepMs: 1e15,
      report: ({ kind }) => reported.push(kind),
    });
    try {
      askAll(journal);
      expect(record(journal, killsOf(100_000, 1))).toHaveLength(1);
      const lost = () => {
        const there = new Set(journal.after(0, 1000).map(({ kill }) => kill.id));
        return readable.filter((row) => !there.has(`b:${row}`));
      };
      await expect.poll(lost, { interval: 5 }).toEqual([]);
      askAll(journal);
    } catch (error) {
      if (process.env.OOMWATCHER_KEEP) writeFileSync(process.env.OOMWATCHER_KEEP, bytes);
      throw new Error(`journal ${i} of seed ${seed}, reported ${reported}`, { cause: error });
    } finally {
      journal.close();
    }
    if (reported.includes('moved')) seen.aside++;
    else if (journal.store.leftOut > 0) seen.leftOut++;
    else seen.untouched++;
    rmSync(folder, { recursive: true });
  }
  expect(seen.aside, 'some are damaged too much').toBeGreaterThan(journals / 20);
  expect(seen.leftOut, 'some are damaged in single records').toBeGreaterThan(0);
});
