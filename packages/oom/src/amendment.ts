import type { Kill } from './kill.js';

/**
 * Corrects a kill that was given out before everything was known of it: a member of its memory.oom.group came so late that
 * the group had been given out. It is no kill: a reader that knows only kills has each of them once.
 */
export interface Amendment {
  schema: 'oomwatcher.amendment/v1';
  /** The id of the kill. */
  id: string;
  /** What is different now. An object's fields replace those of the kill's object one by one. */
  fields: Partial<Kill>;
}

/** undefined: the two are the same. */
export function amendmentOf(told: Kill, now: Kill): Amendment | undefined {
  const fields = changes({ ...told }, { ...now });
  return fields === undefined
    ? undefined
    : { schema: 'oomwatcher.amendment/v1', id: told.id, fields: fields as Partial<Kill> };
}

/** The kill as it is with what the amendment says of it. */
export function amended(kill: Kill, { fields }: Amendment): Kill {
  return withChanges({ ...kill }, { ...fields }) as unknown as Kill;
}

function withChanges(before: Fields, changed: Fields): Fields {
  const now = { ...before };
  for (const [name, value] of Object.entries(changed)) {
    const earlier = before[name];
    now[name] = isObject(earlier) && isObject(value) ? withChanges(earlier, value) : value;
  }
  return now;
}

type Fields = Record<string, unknown>;

function changes(before: Fields, after: Fields): Fields | undefined {
  const changed: Fields = {};
  for (const [name, value] of Object.entries(after)) {
    const earlier = before[name];
    const change = isObject(earlier) && isObject(value) ? changes(earlier, value) : value;
    if (change === undefined || isSame(earlier, value)) continue;
    changed[name] = change;
  }
  return Object.keys(changed).length === 0 ? undefined : changed;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
