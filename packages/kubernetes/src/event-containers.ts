import type { Database } from '@oomwatcher/journal';
import type { Kill } from '@oomwatcher/oom';
import type { ContainerCounts } from './event-text.js';
import { podUidOf, type Subject } from './subjects.js';

/** Containers of a combined event whose names are listed one by one; some more than a message shows. */
const maxListed = 10;

/** Counts the kill under its container in a combined event, by the id until the name is known. */
export function countContainer(db: Database, number: number, subject: Subject, kill: Kill): void {
  const name = nameIn(subject, kill);
  const id = kill.container?.id;
  if (name !== undefined) add(db, number, { id: '', name, kills: 1 });
  else if (id !== undefined) add(db, number, { id, name: '', kills: 1 });
}

/** The name of the kill's container was learned: combined events that are with the API server without it are sent again. */
export function nameContainer(db: Database, subject: Subject, kill: Kill): void {
  const name = nameIn(subject, kill);
  const id = kill.container?.id;
  if (name === undefined || id === undefined) return;
  const unnamed = db
    .prepare(
      `DELETE FROM kubernetes_containers WHERE id = ?
         AND number IN (SELECT number FROM kubernetes_events WHERE subject = ? AND combined) RETURNING number, kills`,
    )
    .all(id, subject);
  for (const { number, kills } of unnamed) {
    add(db, number as number, { id: '', name, kills: kills as number });
    db.prepare(
      'UPDATE kubernetes_events SET settled = min(settled, count - 1) WHERE number = ? AND created',
    ).run(number as number);
  }
}

/** undefined: none has a name, or it is the only one, and the kill that the event tells says it. */
export function containersOf(
  db: Database,
  number: number,
  subject: Subject,
  kill: Kill,
  processes: number,
): ContainerCounts | undefined {
  const named = db
    .prepare(
      `SELECT name, kills FROM kubernetes_containers WHERE number = ? AND id = ''
       ORDER BY kills DESC, name LIMIT ?`,
    )
    .all(number, maxListed)
    .map((row) => ({ name: row.name as string, kills: row.kills as number }));
  const { containers, kills } = db
    .prepare(
      `SELECT count(*) AS containers, coalesce(sum(kills), 0) AS kills FROM kubernetes_containers
       WHERE number = ? AND id = ''`,
    )
    .get(number) as { containers: number; kills: number };
  const isTold = podUidOf(subject) !== undefined && kill.pod?.container === named[0]?.name;
  if (containers === 0 || (containers === 1 && isTold && kills === processes)) return undefined;
  return { named, all: containers, kills };
}

/** What the container is called where the event is: on a pod by its own name, on the node with the pod's. */
function nameIn(subject: Subject, { pod, container }: Kill): string | undefined {
  if (podUidOf(subject) !== undefined) return pod?.container;
  if (pod === undefined) return container?.name;
  const { namespace, name, container: inPod } = pod;
  if (namespace === undefined || name === undefined || inPod === undefined) return undefined;
  return `${namespace}/${name}/${inPod}`;
}

function add(
  db: Database,
  number: number,
  { id, name, kills }: { id: string; name: string; kills: number },
): void {
  db.prepare(
    `INSERT INTO kubernetes_containers (number, id, name, kills) VALUES (?, ?, ?, ?)
     ON CONFLICT (number, id, name) DO UPDATE SET kills = kills + excluded.kills`,
  ).run(number, id, name, kills);
}
