// Long, because every statement over the table of desired events is here: they have to agree on what a row means.

import {
  type Database,
  type JournalledKill,
  killsAfter,
  type PositionTable,
  type Store,
} from '@oomwatcher/journal';
import { type Kill, timeMsOf } from '@oomwatcher/oom';
import { containersOf, countContainer, nameContainer } from './event-containers.js';
import type { DesiredEvent } from './event-object.js';
import { victimName } from './event-text.js';
import { type NodeEvents, podUidOf, type Subject, subjectsOf } from './subjects.js';
import { isCombined, nextWindow, type Window } from './window.js';

/** Kills of a combined event whose names are listed one by one; some more than a message shows. */
const maxVictimNames = 8;

/** Kills that are derived in one transaction. */
const maxAtOnce = 256;

/** Events that may wait, of all namespaces together; more kills wait in the journal. */
const maxWaiting = 2_000;

/** However many namespaces wait, each may have so many. */
const minShare = 50;

/**
 * For so long an event waits for its container's name: kubelet says which containers run some seconds after they do,
 * and one that is killed at its start is killed before.
 */
const containerPatienceMs = 5_000;

/** No event is put off for longer: one that seems to be was put off before the wall clock was set back. */
const longestParkMs = 10 * 60_000;

export interface DerivationRules {
  nodeEvents: NodeEvents;
  /** Kills within it are combined when they are many. */
  windowMs: number;
  /** Kills that were in the log before the agent's very first start are reported only if they are younger. */
  lookbackMs: number;
  /** No kill that is older becomes an event: its event would be gone by now. */
  eventLifeMs: number;
}

/** An event that the API server does not have as it should be, without its content. */
export interface PendingHead {
  number: number;
  subject: Subject;
  /** Whether the API server had it once. */
  created: boolean;
  /** Of a pod. */
  namespace?: string;
}

export interface PendingEvent extends DesiredEvent {
  number: number;
  subject: Subject;
  /** What the pod is called; undefined for the node. */
  pod?: { namespace: string; name: string };
  /** The container that it is about; undefined: not known, or several. */
  container?: string;
  /** Whether the API server had it once. */
  created: boolean;
}

/** The journal's row up to which events are derived; the events are beside it. */
export const derivedTo: PositionTable = {
  leads: true,
  read: (db) => db.prepare('SELECT row FROM kubernetes_position').get()?.row as number | undefined,
  save: (db, row) => {
    db.prepare('INSERT OR REPLACE INTO kubernetes_position (one, row) VALUES (1, ?)').run(row);
  },
};

/** What became of kills that were left in the journal and are no events. */
export interface Derived {
  /** The journal had forgotten them. */
  skipped: number;
  /** They had waited for longer than an event lives. */
  givenUp: number;
}

export interface Backlog {
  /** Kills that wait, once for each event that reports them; those of a group are one. */
  kills: number;
  events: number;
  /** When the oldest of them was recorded. */
  oldestMs?: number;
}

/** The desired events, in the journal's database: derived from kills, kept until the API server has them. */
export class DesiredEvents {
  readonly #store: Store;
  readonly #rules: DerivationRules;
  readonly #ageMs: ((kill: JournalledKill) => number) | undefined;

  /**
   * @param ageMs how long ago a kill was recorded. By the wall clock, as by default, one that is set holds events back, or
   * gives them up; the journal knows better.
   */
  constructor(store: Store, rules: DerivationRules, ageMs?: (kill: JournalledKill) => number) {
    this.#store = store;
    this.#rules = rules;
    this.#ageMs = ageMs;
  }

  /**
   * Derives the events of these kills, in their order, in the transaction that moves the position behind them. Where a
   * namespace has as many events waiting as it may, its kills are left in the journal, and those of others go on. Returns
   * how many kills had waited for longer than an event lives.
   */
  derive(db: Database, kills: readonly JournalledKill[], nowMs: number): number {
    const position = derivedTo.read(db) ?? 0;
    const waiting = new Waiting(db);
    const deferred = readDeferred(db);
    let givenUp = 0;
    for (const journalled of kills) {
      // A damaged database may have been replaced meanwhile, by one of another moment.
      if (journalled.row <= position) continue;
      if (!this.#isWanted(journalled, nowMs)) {
        givenUp += this.#hasWaited(journalled, nowMs) ? 1 : 0;
        continue;
      }
      for (const subject of subjectsOf(journalled.kill, this.#rules.nodeEvents)) {
        const queue = queueOf(subject, journalled.kill);
        if (queue !== undefined && (deferred.has(queue) || waiting.isFull(queue))) {
          deferred.add(queue);
          deferKill(db, queue, journalled.row);
        } else if (this.#add(db, this.#onClock(journalled, nowMs), subject)) waiting.add(queue);
      }
    }
    return givenUp;
  }

  /**
   * Too many events wait for the names of their pods: more kills wait in the journal. That ends by itself, for names are
   * not waited for long.
   */
  get isFull(): boolean {
    return this.#store.read((db) => new Waiting(db).isFull(undefined));
  }

  /** The same for kills that were left in the journal, of a namespace that has room again. */
  catchUp(nowMs: number): Derived | undefined {
    return this.#store.write((db) => {
      const deferred = readDeferred(db);
      if (deferred.size === 0) return undefined;
      const waiting = new Waiting(db);
      const queue = [...deferred].find((each) => !waiting.isHalfFull(each));
      if (queue === undefined) return undefined;
      return this.#catchUp(db, queue, derivedTo.read(db) ?? 0, waiting, nowMs);
    });
  }

  #catchUp(db: Database, queue: string, position: number, waiting: Waiting, nowMs: number) {
    const { row, kills: left } = db
      .prepare('SELECT row, kills FROM kubernetes_deferred WHERE queue = ?')
      .get(queue) as { row: number; kills: number };
    const found = killsAfter(db, row, maxAtOnce, filterOf(queue)).filter(
      (each) => each.row <= position,
    );
    let taken = 0;
    let givenUp = 0;
    let through = row;
    for (const journalled of found) {
      if (waiting.isFull(queue)) break;
      through = journalled.row;
      const subject = subjectsOf(journalled.kill, this.#rules.nodeEvents).find(
        (each) => queueOf(each, journalled.kill) === queue,
      );
      if (subject === undefined) continue;
      taken++;
      if (!this.#isWanted(journalled, nowMs)) givenUp++;
      else if (this.#add(db, this.#onClock(journalled, nowMs), subject)) waiting.add(queue);
    }
    const isOver = found.length < maxAtOnce && through === (found.at(-1)?.row ?? row);
    if (isOver) db.prepare('DELETE FROM kubernetes_deferred WHERE queue = ?').run(queue);
    else {
      db.prepare(
        'UPDATE kubernetes_deferred SET row = ?, kills = max(0, kills - ?) WHERE queue = ?',
      ).run(through, taken, queue);
    }
    return { skipped: isOver ? Math.max(0, left - taken) : 0, givenUp };
  }

  /** A pod's name was learned after its kill was recorded. */
  complete({ kill }: JournalledKill): void {
    const { pod } = kill;
    if (pod?.namespace === undefined || pod.name === undefined) return;
    const { namespace, name } = pod;
    this.#store.write((db) => {
      // What has waited for its container's name need not wait any more, and what was sent without it is sent again; so is what
      // did not know the spec, which says whose limit it was.
      db.prepare(
        `UPDATE kubernetes_events SET kill = ?1,
           container = CASE WHEN combined THEN container ELSE coalesce(?2, container) END,
           parked_until_ms = CASE WHEN ?2 IS NULL THEN parked_until_ms ELSE 0 END,
           settled = CASE WHEN created AND (?2 IS NOT NULL AND kill ->> '$.pod.container' IS NULL
               OR ?4 AND kill ->> '$.pod.spec' IS NULL)
             THEN min(settled, count - 1) ELSE settled END
         WHERE kill_id = ?3`,
      ).run(stored(kill), pod.container ?? null, kill.id, pod.spec === undefined ? 0 : 1);
      nameSubject(db, `pod:${pod.uid}`, namespace, name);
      for (const subject of subjectsOf(kill, this.#rules.nodeEvents))
        nameContainer(db, subject, kill);
    });
  }

  /** What the pod of a subject is called, where it is known. */
  name(subject: Subject, { namespace, name }: { namespace: string; name: string }): void {
    this.#store.write((db) => nameSubject(db, subject, namespace, name));
  }

  /**
   * The first event that each subject waits for, oldest first: those that can be sent, which an event of a pod without a
   * name and a parked one cannot.
   *
   * @param perNamespace so many of each: one with hundreds must not stand before the others
   * @param except namespaces that are not asked now
   */
  heads(nowMs: number, perNamespace: number, except: readonly string[] = []): PendingHead[] {
    return this.#store.read((db) =>
      db
        .prepare(
          `SELECT * FROM (
             SELECT e.number, e.subject, e.created, s.namespace,
               row_number() OVER (PARTITION BY coalesce(s.namespace, 'default') ORDER BY e.number) AS place
             FROM (SELECT min(number) AS first FROM kubernetes_events
                   WHERE settled < count AND NOT parked_until_ms BETWEEN ?1 + 1 AND ?1 + ?4 GROUP BY subject)
             JOIN kubernetes_events e ON e.number = first
             JOIN kubernetes_subjects s ON s.subject = e.subject
             WHERE (e.subject = 'node' OR s.name IS NOT NULL)
               AND coalesce(s.namespace, 'default') NOT IN (SELECT value FROM json_each(?2)))
           WHERE place <= ?3 ORDER BY number`,
        )
        .all(Math.floor(nowMs), JSON.stringify(except), perNamespace, longestParkMs)
        .map((row) => ({
          number: row.number as number,
          subject: row.subject as Subject,
          created: row.created === 1,
          ...(row.namespace !== null && { namespace: row.namespace as string }),
        })),
    );
  }

  /** The whole of a head. */
  event({ number }: PendingHead): PendingEvent {
    return this.#store.read((db) => {
      const row = db
        .prepare(
          `SELECT e.*, s.namespace, s.name FROM kubernetes_events e
           JOIN kubernetes_subjects s ON s.subject = e.subject WHERE e.number = ?`,
        )
        .get(number);
      if (row === undefined) throw new Error(`no event ${number}: only the sink forgets events`);
      return fromRow(db, row);
    });
  }

  /** Pods whose events wait for nothing but the pods' names. */
  unnamed(): { subject: Subject; newestMs: number }[] {
    return this.#store.read((db) =>
      db
        .prepare(
          `SELECT e.subject, max(e.recorded_ms) AS newest FROM kubernetes_events e
           JOIN kubernetes_subjects s ON s.subject = e.subject
           WHERE e.settled < e.count AND e.subject <> 'node' AND s.name IS NULL GROUP BY e.subject`,
        )
        .all()
        .map((row) => ({ subject: row.subject as Subject, newestMs: row.newest as number })),
    );
  }

  /** The API server has the event as it was asked for: `count` kills of it. */
  settle({ number, count }: Pick<PendingEvent, 'number' | 'count'>, created = true): void {
    this.#store.write((db) => {
      db.prepare(
        'UPDATE kubernetes_events SET settled = max(settled, ?), created = max(created, ?) WHERE number = ?',
      ).run(count, created ? 1 : 0, number);
    });
  }

  /** The event is not tried before that time. */
  park({ number }: Pick<PendingEvent, 'number'>, untilMs: number): void {
    this.#store.write((db) => {
      db.prepare('UPDATE kubernetes_events SET parked_until_ms = ? WHERE number = ?').run(
        Math.round(untilMs),
        number,
      );
    });
  }

  /**
   * Gives up all that a subject waits for; returns how many kills. Not of those that were in the log before the very first
   * start: their pods are mostly long gone, and that is nobody's failure.
   */
  giveUp(subject: Subject): number {
    return this.#store.write((db) => {
      const { kills } = db
        .prepare(
          `SELECT coalesce(sum(e.count - e.settled), 0) AS kills
           FROM kubernetes_events e LEFT JOIN kills k ON k.id = e.kill_id
           WHERE e.subject = ? AND e.settled < e.count AND coalesce(k.historic, 0) = 0`,
        )
        .get(subject) as { kills: number };
      db.prepare(
        'UPDATE kubernetes_events SET settled = count WHERE subject = ? AND settled < count',
      ).run(subject);
      return kills;
    });
  }

  /** Events that wait, and how much of each the API server has. */
  waiting(): { number: number; settled: number; namespace: string | undefined }[] {
    return this.#store.read((db) =>
      db
        .prepare(
          `SELECT e.number, e.settled, CASE e.subject WHEN 'node' THEN 'default' ELSE s.namespace END AS namespace
           FROM kubernetes_events e JOIN kubernetes_subjects s ON s.subject = e.subject
           WHERE e.settled < e.count`,
        )
        .all()
        .map((row) => ({
          number: row.number as number,
          settled: row.settled as number,
          namespace: (row.namespace as string | null) ?? undefined,
        })),
    );
  }

  /** Gives up one event; returns how many kills. */
  giveUpEvent({ number }: Pick<PendingEvent, 'number'>): number {
    return this.#store.write((db) => {
      const row = db
        .prepare('SELECT count - settled AS kills FROM kubernetes_events WHERE number = ?')
        .get(number);
      db.prepare('UPDATE kubernetes_events SET settled = count WHERE number = ?').run(number);
      return (row?.kills as number | undefined) ?? 0;
    });
  }

  /** When the first parked event may be tried again; undefined: none is parked. */
  nextParkedMs(nowMs: number): number | undefined {
    const row = this.#store.read((db) =>
      db
        .prepare(
          `SELECT min(parked_until_ms) AS next FROM kubernetes_events
           WHERE settled < count AND parked_until_ms BETWEEN ?1 + 1 AND ?1 + ?2`,
        )
        .get(Math.floor(nowMs), longestParkMs),
    ) as { next: number | null };
    return row.next ?? undefined;
  }

  /** @param except namespaces whose oldest kill does not count */
  backlog(except: readonly string[] = []): Backlog {
    const { kills, events, oldest } = this.#store.read((db) =>
      db
        .prepare(
          `SELECT coalesce(sum(e.count - e.settled), 0) AS kills, count(*) AS events,
             min(CASE WHEN coalesce(s.namespace, 'default') IN (SELECT value FROM json_each(?))
               THEN NULL ELSE e.recorded_ms END) AS oldest
           FROM kubernetes_events e JOIN kubernetes_subjects s ON s.subject = e.subject
           WHERE e.settled < e.count`,
        )
        .get(JSON.stringify(except)),
    ) as { kills: number; events: number; oldest: number | null };
    const { deferred } = this.#store.read((db) =>
      db.prepare('SELECT coalesce(sum(kills), 0) AS deferred FROM kubernetes_deferred').get(),
    ) as { deferred: number };
    return { kills: kills + deferred, events, ...(oldest !== null && { oldestMs: oldest }) };
  }

  /** Forgets what is settled and can change no more: its window is over. */
  prune(nowMs: number): void {
    const overMs = nowMs - this.#rules.windowMs;
    this.#store.write((db) => {
      db.prepare(
        `DELETE FROM kubernetes_events WHERE settled = count AND max(first_ms, recorded_ms) <= ?`,
      ).run(overMs);
      db.exec(
        `DELETE FROM kubernetes_victims WHERE number NOT IN (SELECT number FROM kubernetes_events);
         DELETE FROM kubernetes_containers WHERE number NOT IN (SELECT number FROM kubernetes_events);
         DELETE FROM kubernetes_groups WHERE number NOT IN (SELECT number FROM kubernetes_events);
         DELETE FROM kubernetes_subjects WHERE subject NOT IN (SELECT subject FROM kubernetes_events);`,
      );
    });
  }

  #isWanted(journalled: JournalledKill, nowMs: number): boolean {
    const { lookbackMs, eventLifeMs } = this.#rules;
    const { kill, recordedMs, historic } = journalled;
    // Both were read from the wall clock of one moment, whatever it was set to.
    const ageMs = this.#ageOf(journalled, nowMs) + recordedMs - timeMsOf(kill, recordedMs);
    return ageMs <= (historic ? lookbackMs : Math.max(lookbackMs, eventLifeMs));
  }

  /** It would be wanted, had it not been left in the journal for so long. */
  #hasWaited(journalled: JournalledKill, nowMs: number): boolean {
    const { lookbackMs, eventLifeMs } = this.#rules;
    return this.#ageOf(journalled, nowMs) > Math.max(lookbackMs, eventLifeMs);
  }

  #ageOf(journalled: JournalledKill, nowMs: number): number {
    return this.#ageMs?.(journalled) ?? nowMs - journalled.recordedMs;
  }

  /** Recorded when it was by the clock of `nowMs`, by which it waits from now on. */
  #onClock(journalled: JournalledKill, nowMs: number): JournalledKill {
    const { time } = journalled.kill;
    // Where nobody knows the kill's time, this one is shown in its place.
    if (time === undefined) return journalled;
    return { ...journalled, recordedMs: Math.round(nowMs - this.#ageOf(journalled, nowMs)) };
  }

  /** Returns whether an event came with it. */
  #add(db: Database, { kill, recordedMs }: JournalledKill, subject: Subject): boolean {
    const timeMs = timeMsOf(kill, recordedMs);
    // The event of the members that came before: processes that were killed together are one incident.
    const joined = readGroupEvent(db, subject, kill);
    if (joined !== undefined) {
      joinEvent(db, joined, subject, kill, timeMs);
      return false;
    }
    const earlier = readWindow(db, subject);
    const window = nextWindow(earlier, timeMs, this.#rules.windowMs);
    const isNew = window.kills === 1;
    let combined = isNew ? undefined : earlier?.combined;
    const grows = isCombined(window) && combined !== undefined;
    let number = combined;
    if (!isCombined(window)) number = insertEvent(db, subject, kill, timeMs, recordedMs, false);
    else if (combined === undefined)
      number = combined = insertEvent(db, subject, kill, timeMs, recordedMs, true);
    else growEvent(db, combined, kill, timeMs);
    if (combined !== undefined) countVictim(db, combined, subject, kill);
    if (number !== undefined) saveGroupEvent(db, subject, kill, number);
    writeWindow(db, subject, window, combined);
    const { namespace, name } = kill.pod ?? {};
    if (podUidOf(subject) !== undefined && namespace !== undefined && name !== undefined)
      nameSubject(db, subject, namespace, name);
    return !grows;
  }
}

/**
 * Which queue an event stands in: the node's, or its namespace's. A namespace that refuses everything must hold up
 * nobody else. undefined: the pod's name is not known yet.
 */
function queueOf(subject: Subject, { pod }: Kill): string | undefined {
  if (podUidOf(subject) === undefined) return 'node';
  return pod?.namespace === undefined || pod.name === undefined
    ? undefined
    : `namespace:${pod.namespace}`;
}

function filterOf(queue: string): { namespace?: string } {
  return queue === 'node' ? {} : { namespace: queue.slice('namespace:'.length) };
}

/** How many events wait in each queue, and how many may. */
class Waiting {
  readonly #counts = new Map<string | undefined, number>();

  constructor(db: Database) {
    const rows = db
      .prepare(
        `SELECT CASE WHEN e.subject = 'node' THEN 'node' ELSE 'namespace:' || s.namespace END AS queue,
           count(*) AS events
         FROM kubernetes_events e JOIN kubernetes_subjects s ON s.subject = e.subject
         WHERE e.settled < e.count GROUP BY queue`,
      )
      .all();
    for (const { queue, events } of rows)
      this.#counts.set((queue as string | null) ?? undefined, events as number);
  }

  add(queue: string | undefined): void {
    this.#counts.set(queue, this.#count(queue) + 1);
  }

  isFull(queue: string | undefined): boolean {
    return this.#count(queue) >= this.#share(queue);
  }

  isHalfFull(queue: string): boolean {
    return this.#count(queue) >= this.#share(queue) / 2;
  }

  #count(queue: string | undefined): number {
    return this.#counts.get(queue) ?? 0;
  }

  #share(queue: string | undefined): number {
    const queues = this.#counts.size + (this.#counts.has(queue) ? 0 : 1);
    return Math.max(minShare, Math.trunc(maxWaiting / queues));
  }
}

function readDeferred(db: Database): Set<string> {
  const rows = db.prepare('SELECT queue FROM kubernetes_deferred').all();
  return new Set(rows.map(({ queue }) => queue as string));
}

function deferKill(db: Database, queue: string, row: number): void {
  db.prepare(
    `INSERT INTO kubernetes_deferred (queue, row, kills) VALUES (?, ?, 1)
     ON CONFLICT (queue) DO UPDATE SET kills = kills + 1`,
  ).run(queue, row - 1);
}

function readWindow(
  db: Database,
  subject: Subject,
): (Window & { combined: number | undefined }) | undefined {
  const row = db
    .prepare(
      'SELECT window_start_ms, window_kills, combined FROM kubernetes_subjects WHERE subject = ?',
    )
    .get(subject);
  if (row === undefined) return undefined;
  return {
    startMs: row.window_start_ms as number,
    kills: row.window_kills as number,
    combined: (row.combined as number | null) ?? undefined,
  };
}

function writeWindow(
  db: Database,
  subject: Subject,
  { startMs, kills }: Window,
  combined: number | undefined,
): void {
  db.prepare(
    `INSERT INTO kubernetes_subjects (subject, window_start_ms, window_kills, combined)
     VALUES (?, ?, ?, ?) ON CONFLICT (subject) DO UPDATE SET
       window_start_ms = excluded.window_start_ms, window_kills = excluded.window_kills,
       combined = excluded.combined`,
  ).run(subject, startMs, kills, combined ?? null);
}

function nameSubject(db: Database, subject: Subject, namespace: string, name: string): void {
  db.prepare('UPDATE kubernetes_subjects SET namespace = ?, name = ? WHERE subject = ?').run(
    namespace,
    name,
    subject,
  );
}

/** Returns its number. */
function insertEvent(
  db: Database,
  subject: Subject,
  kill: Kill,
  timeMs: number,
  recordedMs: number,
  combined: boolean,
): number {
  const { lastInsertRowid } = db
    .prepare(
      `INSERT INTO kubernetes_events
         (key, subject, combined, count, first_ms, last_ms, recorded_ms, parked_until_ms, container, kill_id, kill)
       VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      combined ? `${kill.id}+` : kill.id,
      subject,
      combined ? 1 : 0,
      timeMs,
      timeMs,
      recordedMs,
      isContainerUnnamed(kill) ? recordedMs + containerPatienceMs : 0,
      kill.pod?.container ?? null,
      kill.id,
      stored(kill),
    );
  return Number(lastInsertRowid);
}

function growEvent(db: Database, number: number, kill: Kill, timeMs: number): void {
  db.prepare(
    `UPDATE kubernetes_events SET count = count + 1, first_ms = min(first_ms, ?1), last_ms = max(last_ms, ?1),
       container = CASE WHEN container = ?2 THEN container END, kill_id = ?3, kill = ?4 WHERE number = ?5`,
  ).run(timeMs, kill.pod?.container ?? null, kill.id, stored(kill), number);
}

/** undefined: the kill is of no group, or the first of it. */
function readGroupEvent(db: Database, subject: Subject, { group }: Kill): number | undefined {
  if (group === undefined) return undefined;
  const row = db
    .prepare('SELECT number FROM kubernetes_groups WHERE group_id = ? AND subject = ?')
    .get(group.id, subject);
  return row?.number as number | undefined;
}

function saveGroupEvent(db: Database, subject: Subject, { group }: Kill, number: number): void {
  if (group === undefined || group.size === 1) return;
  db.prepare(
    'INSERT OR REPLACE INTO kubernetes_groups (group_id, subject, number) VALUES (?, ?, ?)',
  ).run(group.id, subject, number);
}

/** The event is told of the process that was chosen, should that not have come first; a combined one counts all. */
function joinEvent(
  db: Database,
  number: number,
  subject: Subject,
  kill: Kill,
  timeMs: number,
): void {
  const isChosen = kill.id === kill.group?.id;
  db.prepare(
    `UPDATE kubernetes_events SET last_ms = max(last_ms, ?1),
       kill_id = CASE WHEN ?2 THEN ?3 ELSE kill_id END, kill = CASE WHEN ?2 THEN ?4 ELSE kill END,
       settled = CASE WHEN created AND (combined OR ?2) THEN min(settled, count - 1) ELSE settled END
     WHERE number = ?5`,
  ).run(timeMs, isChosen ? 1 : 0, kill.id, stored(kill), number);
  const { combined } = db
    .prepare('SELECT combined FROM kubernetes_events WHERE number = ?')
    .get(number) ?? { combined: 0 };
  if (combined === 1) countVictim(db, number, subject, kill);
}

function countVictim(db: Database, number: number, subject: Subject, kill: Kill): void {
  db.prepare(
    `INSERT INTO kubernetes_victims (number, name, kills) VALUES (?, ?, 1)
     ON CONFLICT (number, name) DO UPDATE SET kills = kills + 1`,
  ).run(number, victimName(kill));
  countContainer(db, number, subject, kill);
}

function isContainerUnnamed({ pod, container }: Kill): boolean {
  return pod !== undefined && container !== undefined && pod.container === undefined;
}

/** What an event's text needs of a kill; the biggest processes are most of a record. */
function stored({ tasks: _, ...kill }: Kill): string {
  return JSON.stringify(kill);
}

function fromRow(db: Database, row: Record<string, unknown>): PendingEvent {
  const number = row.number as number;
  const subject = row.subject as Subject;
  const kill = JSON.parse(row.kill as string) as Kill;
  return {
    number,
    key: row.key as string,
    subject,
    count: row.count as number,
    created: row.created === 1,
    firstMs: row.first_ms as number,
    lastMs: row.last_ms as number,
    kill,
    ...(row.name !== null && {
      pod: { namespace: row.namespace as string, name: row.name as string },
    }),
    ...(row.container !== null && { container: row.container as string }),
    ...(row.combined === 1 && countsOf(db, number, subject, kill)),
  };
}

function countsOf(db: Database, number: number, subject: Subject, kill: Kill) {
  const processes = processesOf(db, number);
  const containers = containersOf(db, number, subject, kill, processes);
  return {
    victims: victimsOf(db, number),
    processes,
    ...(containers !== undefined && { containers }),
  };
}

function processesOf(db: Database, number: number): number {
  const row = db
    .prepare('SELECT sum(kills) AS kills FROM kubernetes_victims WHERE number = ?')
    .get(number) as { kills: number };
  return row.kills;
}

function victimsOf(db: Database, number: number) {
  return db
    .prepare(
      'SELECT name, kills FROM kubernetes_victims WHERE number = ? ORDER BY kills DESC, name LIMIT ?',
    )
    .all(number, maxVictimNames)
    .map((row) => ({ name: row.name as string, kills: row.kills as number }));
}
