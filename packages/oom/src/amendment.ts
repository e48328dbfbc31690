import type { Kill } from './kill.js';

/**
 * Corrects a kill that was given out before everything was known of it: a member of its memory.oom.group came so late that
 * the group had been given out. It is no kill: a reader that knows only kills has each of them once.
 */
export interface Amendment {
  schema: 'oomwatcher.amendment/v1';
  /** The id of the kill. */
  id: string;
  /**
   * What is different now. An object's fields replace those of the kill's object one by one; `null`: there is no such field
   * any more.
   */
  fields: { [Name in keyof Kill]?: Kill[Name] | null };
}

/** undefined: the two are the same. */
export function amendmentOf(before: Kill, now: Kill): Amendment | undefined {
  const fields = changes({ ...before }, { ...now });
  return fields === undefined
    ? undefined
    : { schema: 'oomwatcher.amendment/v1', id: before.id, fields: fields as Amendment['fields'] };
}

/** The kill as it is by the amendment. */
export function amended(kill: Kill, { fields }: Pick<Amendment, 'fields'>): Kill {
  return merged({ ...kill }, { ...fields }) as unknown as Kill;
}

function merged(before: Fields, changed: Fields): Fields {
  const now = { ...before };
  for (const [name, value] of Object.entries(changed)) {
    const earlier = before[name];
    if (value === null) delete now[name];
    else now[name] = isObject(earlier) && isObject(value) ? merged(earlier, value) : value;
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
  for (const name of Object.keys(before)) if (!(name in after)) changed[name] = null;
  return Object.keys(changed).length === 0 ? undefined : changed;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
