import type { Database, JournalledKill, Store } from '@oomwatcher/journal';
import type { Kill } from '@oomwatcher/oom';
import type { DesiredEvent } from './event-object.js';
import { victimName } from './event-text.js';
import { type NodeEvents, podUidOf, type Subject, subjectsOf } from './subjects.js';
import { isCombined, nextWindow, type Window } from './window.js';

/** Kills of a combined event whose names are told one by one; some more than a message shows. */
const mostVictimNames = 8;

/**
 * For so long an event waits for its container's name: kubelet says which containers run some seconds after they do,
 * and one that is killed at its start is killed before.
 */
const containerPatienceMs = 5_000;

export interface DerivationRules {
  nodeEvents: NodeEvents;
  /** Kills within it are combined when they are many. */
  windowMs: number;
  /** Kills that were in the log before the agent's very first start are told only if they are younger. */
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

export interface Backlog {
  /** Kills that wait, once for each event that tells of them. */
  kills: number;
  events: number;
  /** When the oldest of them was recorded. */
  oldestMs?: number;
}

/** The desired events, in the journal's database: derived from kills, kept until the API server has them. */
export class DesiredEvents {
  readonly #store: Store;
  readonly #rules: DerivationRules;

  constructor(store: Store, rules: DerivationRules) {
    this.#store = store;
    this.#rules = rules;
  }

  /** The journal's row up to which events are derived. */
  position(): number {
    return this.#store.read(readPosition) ?? 0;
  }

  /** Where nothing was ever derived, begins behind this row: what is not there by now is nobody's loss. */
  begin(row: number): void {
    this.#store.write((db) => {
      if (readPosition(db) === undefined) writePosition(db, row);
    });
  }

  /**
   * Derives the events of these kills, in their order, and moves the position behind them: one transaction. Returns how
   * many kills between the position and the first of them are not in the journal any more.
   */
  derive(kills: readonly JournalledKill[], nowMs: number): number {
    const firstRow = kills[0]?.row ?? 0;
    return this.#store.write((db) => {
      // Where a damaged database was replaced nobody knows any more.
      const position = readPosition(db) ?? firstRow - 1;
      for (const journalled of kills) {
        // Memory may have begun anew from an older state of the disk, or been ahead of it.
        if (journalled.row <= position) continue;
        if (this.#isTold(journalled, nowMs)) this.#add(db, journalled);
      }
      const last = kills.at(-1);
      if (last !== undefined) writePosition(db, Math.max(position, last.row));
      return Math.max(0, firstRow - position - 1);
    });
  }

  /** A pod's name was learned after its kill was recorded. */
  complete({ kill }: JournalledKill): void {
    const { pod } = kill;
    if (pod?.namespace === undefined || pod.name === undefined) return;
    const { namespace, name } = pod;
    this.#store.write((db) => {
      // What has waited for its container's name need not wait any more.
      db.prepare(
        `UPDATE kubernetes_events SET kill = ?1,
           container = CASE WHEN combined THEN container ELSE coalesce(?2, container) END,
           parked_until_ms = CASE WHEN ?2 IS NULL THEN parked_until_ms ELSE 0 END
         WHERE kill_id = ?3`,
      ).run(stored(kill), pod.container ?? null, kill.id);
      nameSubject(db, `pod:${pod.uid}`, namespace, name);
    });
  }

  /** What the pod of a subject is called, where it is known. */
  name(subject: Subject, { namespace, name }: { namespace: string; name: string }): void {
    this.#store.write((db) => nameSubject(db, subject, namespace, name));
  }

  /**
   * The first event that each subject waits for, oldest first: those that can be sent, which an event of a pod without a
   * name and a parked one cannot.
   */
  heads(nowMs: number, limit: number): PendingHead[] {
    return this.#store.read((db) =>
      db
        .prepare(
          `SELECT e.number, e.subject, e.created, s.namespace
           FROM (SELECT min(number) AS first FROM kubernetes_events
                 WHERE settled < count AND parked_until_ms <= ? GROUP BY subject)
           JOIN kubernetes_events e ON e.number = first
           JOIN kubernetes_subjects s ON s.subject = e.subject
           WHERE e.subject = 'node' OR s.name IS NOT NULL
           ORDER BY e.number LIMIT ?`,
        )
        .all(nowMs, limit)
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
        untilMs,
        number,
      );
    });
  }

  /** Gives up all that a subject waits for; returns how many kills. */
  giveUp(subject: Subject): number {
    return this.#store.write((db) => {
      const { kills } = db
        .prepare(
          'SELECT coalesce(sum(count - settled), 0) AS kills FROM kubernetes_events WHERE subject = ? AND settled < count',
        )
        .get(subject) as { kills: number };
      db.prepare(
        'UPDATE kubernetes_events SET settled = count WHERE subject = ? AND settled < count',
      ).run(subject);
      return kills;
    });
  }

  /** When the first parked event may be tried again; undefined: none is parked. */
  nextParkedMs(nowMs: number): number | undefined {
    const row = this.#store.read((db) =>
      db
        .prepare(
          'SELECT min(parked_until_ms) AS next FROM kubernetes_events WHERE settled < count AND parked_until_ms > ?',
        )
        .get(nowMs),
    ) as { next: number | null };
    return row.next ?? undefined;
  }

  backlog(): Backlog {
    const { kills, events, oldest } = this.#store.read((db) =>
      db
        .prepare(
          `SELECT coalesce(sum(count - settled), 0) AS kills, count(*) AS events, min(recorded_ms) AS oldest
           FROM kubernetes_events WHERE settled < count`,
        )
        .get(),
    ) as { kills: number; events: number; oldest: number | null };
    return { kills, events, ...(oldest !== null && { oldestMs: oldest }) };
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
         DELETE FROM kubernetes_subjects WHERE subject NOT IN (SELECT subject FROM kubernetes_events);`,
      );
    });
  }

  #isTold({ kill, recordedMs, historic }: JournalledKill, nowMs: number): boolean {
    const { lookbackMs, eventLifeMs } = this.#rules;
    const ageMs = nowMs - timeOf(kill, recordedMs);
    return ageMs <= (historic ? lookbackMs : Math.max(lookbackMs, eventLifeMs));
  }

  #add(db: Database, { kill, recordedMs }: JournalledKill): void {
    const timeMs = timeOf(kill, recordedMs);
    for (const subject of subjectsOf(kill, this.#rules.nodeEvents)) {
      const earlier = readWindow(db, subject);
      const window = nextWindow(earlier, timeMs, this.#rules.windowMs);
      const isNew = window.kills === 1;
      let combined = isNew ? undefined : earlier?.combined;
      if (!isCombined(window)) insertEvent(db, subject, kill, timeMs, recordedMs, false);
      else if (combined === undefined)
        combined = insertEvent(db, subject, kill, timeMs, recordedMs, true);
      else growEvent(db, combined, kill, timeMs);
      if (combined !== undefined) countVictim(db, combined, kill);
      writeWindow(db, subject, window, combined);
      const { namespace, name } = kill.pod ?? {};
      if (podUidOf(subject) !== undefined && namespace !== undefined && name !== undefined)
        nameSubject(db, subject, namespace, name);
    }
  }
}

/** The kernel's time of a kill; a captured log may not tell it. */
function timeOf({ time }: Kill, recordedMs: number): number {
  return time === undefined ? recordedMs : Date.parse(time);
}

function readPosition(db: Database): number | undefined {
  return db.prepare('SELECT row FROM kubernetes_position').get()?.row as number | undefined;
}

function writePosition(db: Database, row: number): void {
  db.prepare(
    'INSERT INTO kubernetes_position (one, row) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET row = excluded.row',
  ).run(row);
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

function countVictim(db: Database, number: number, kill: Kill): void {
  db.prepare(
    `INSERT INTO kubernetes_victims (number, name, kills) VALUES (?, ?, 1)
     ON CONFLICT (number, name) DO UPDATE SET kills = kills + 1`,
  ).run(number, victimName(kill));
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
  const isCombinedEvent = row.combined === 1;
  return {
    number,
    key: row.key as string,
    subject: row.subject as Subject,
    count: row.count as number,
    created: row.created === 1,
    firstMs: row.first_ms as number,
    lastMs: row.last_ms as number,
    kill: JSON.parse(row.kill as string) as Kill,
    ...(row.name !== null && {
      pod: { namespace: row.namespace as string, name: row.name as string },
    }),
    ...(row.container !== null && { container: row.container as string }),
    ...(isCombinedEvent && { victims: victimsOf(db, number) }),
  };
}

function victimsOf(db: Database, number: number) {
  return db
    .prepare(
      'SELECT name, kills FROM kubernetes_victims WHERE number = ? ORDER BY kills DESC, name LIMIT ?',
    )
    .all(number, mostVictimNames)
    .map((row) => ({ name: row.name as string, kills: row.kills as number }));
}
