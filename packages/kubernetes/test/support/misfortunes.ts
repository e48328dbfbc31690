import type { ServerResponse } from 'node:http';
import type { Asked, HttpApi } from './http-api.js';

/** Numbers that are the same for the same seed (mulberry32). */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 to 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  below(n: number): number {
    return Math.trunc(this.next() * n);
  }

  of<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }

  is(probability: number): boolean {
    return this.next() < probability;
  }
}

const statuses = [
  ...[200, 200, 200, 201, 201, 202, 204, 206, 301, 307, 400, 401, 403, 404, 405, 408, 409, 410],
  ...[413, 415, 418, 422, 429, 500, 501, 502, 503, 504, 511, 599],
];

const types = ['application/json', 'application/json', 'application/json', 'text/html', '', 'x'];

const waits = ['0', '1', '-5', 'soon', '1e99', '99999999999', 'Thu, 01 Jan 1970 00:00:00 GMT'];

/** In the place of whatever was there. None of them is a name, an id or a status that a server could mean. */
const wrong: unknown[] = [
  ...[undefined, null, true, 0, -1, 1e308, '', 'A B', '\0\x1b[2J\n', '\ud800', 'x\u202e'],
  ...[[], [null], [[]], {}, { a: null }, 'X'.repeat(100_000)],
];

/** Words of the server that would be true only if it meant them. */
const meant = /"AlreadyExists"|"namespaces"|"NamespaceTerminating"/;

/**
 * What a server, or what stands in front of it, can do to one request: another status, shape, size and pace, an end
 * before the end. It never says what is not so in the server's own words: nobody can defend himself against that.
 */
export function misfortune(
  chance: Chance,
  api: HttpApi,
  asked: Asked,
  response: ServerResponse,
): void {
  const isWatch = asked.path.includes('watch=true');
  const kind = chance.below(20);
  if (kind === 0) return void response.destroy();
  // Nothing ever comes.
  if (kind === 1) return;
  const right = chance.is(0.7) ? api.answerTo(asked, chance.is(0.5)) : undefined;
  const body = isWatch ? watchBody(chance) : bodyOf(chance, asked, right?.body);
  const status = isWatch && chance.is(0.7) ? 200 : chance.of(statuses);
  const headers: Record<string, string> = {};
  const type = chance.of(types);
  if (type !== '') headers['content-type'] = type;
  if (chance.is(0.2)) headers['retry-after'] = chance.of(waits);
  if (chance.is(0.05)) headers['content-length'] = `${body.length + chance.below(99)}`;
  response.writeHead(status, status === 204 ? {} : headers);
  send(chance, response, status === 204 ? Buffer.alloc(0) : body);
}

function bodyOf(chance: Chance, asked: Asked, right: unknown): Buffer {
  const text = shapeOf(chance, asked, right);
  const size = chance.of([0, 0, 0, 0, 1_000, 100_000, chance.is(0.2) ? 6_000_000 : 0]);
  return Buffer.concat([Buffer.from(text), Buffer.alloc(size, 32)]);
}

function shapeOf(chance: Chance, { headers }: Asked, right: unknown): string {
  switch (chance.below(8)) {
    case 0:
      return `<html>${JSON.stringify(headers)}</html>`;
    case 1:
      return chance.of(['', 'null', '7', '"x"', '[]', '{}', '[null]', '{"a":', '\0', '{"kind":']);
    case 2:
      return '['.repeat(50_000);
    case 3:
    case 4:
      return harmed(chance, {
        kind: 'Status',
        apiVersion: 'v1',
        message: `said ${JSON.stringify(headers)}`,
        reason: 'Forbidden',
        code: chance.of(statuses),
        details: { kind: 'events', causes: [{ reason: 'x' }] },
      });
    default:
      return right === undefined ? '{}' : harmed(chance, right);
  }
}

/** With one place of it replaced, and never what it was. */
function harmed(chance: Chance, value: object | unknown): string {
  const whole = JSON.stringify(value);
  for (;;) {
    const copy: unknown = JSON.parse(whole);
    const places: [object, string][] = [];
    const walk = (at: unknown) => {
      if (typeof at !== 'object' || at === null) return;
      for (const key of Object.keys(at)) {
        places.push([at, key]);
        walk(Reflect.get(at, key));
      }
    };
    walk(copy);
    const [parent, key] = chance.of(places);
    Reflect.set(parent, key, chance.of(wrong));
    const text = JSON.stringify(copy);
    if (text !== whole && !meant.test(text)) return text;
  }
}

function watchBody(chance: Chance): Buffer {
  const lines = Array.from({ length: chance.below(4) }, () => {
    const pod = { metadata: { uid: 'other', namespace: 'shop', name: 'other' }, status: {} };
    const type = chance.of(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR', 'X', null]);
    return chance.is(0.2)
      ? chance.of(['null', '7', '{', '', ' '])
      : harmed(chance, { type, object: pod });
  });
  return Buffer.from(lines.map((line) => `${line}\n`).join(''));
}

/** At once, in pieces, or up to somewhere. */
function send(chance: Chance, response: ServerResponse, body: Buffer): void {
  const cutAt = chance.is(0.15) ? chance.below(body.length + 1) : undefined;
  const bytes = cutAt === undefined ? body : body.subarray(0, cutAt);
  const end = () => (cutAt === undefined ? response.end() : response.destroy());
  if (chance.is(0.7)) {
    response.write(bytes, end);
    return;
  }
  const pieces = 1 + chance.below(6);
  let sent = 0;
  const timer = setInterval(() => {
    if (sent === pieces || response.destroyed) {
      clearInterval(timer);
      end();
      return;
    }
    const at = (part: number) => Math.trunc((bytes.length * part) / pieces);
    response.write(bytes.subarray(at(sent), at(++sent)));
  }, 1 + chance.below(4));
}
