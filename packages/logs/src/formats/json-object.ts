import { Cursor, latin1 } from './bytes.js';

const quote = 0x22;
const backslash = 0x5c;
const openObject = 0x7b;
const closeObject = 0x7d;
const openArray = 0x5b;
const closeArray = 0x5d;
const comma = 0x2c;
const deepest = 64;
const nothing: ReadonlySet<string> = new Set();

/**
 * The fields of one JSON object in bytes that are `wanted`, values as latin1 strings, one character a byte. JSON.parse
 * cannot read these logs: dmesg --json copies bytes that are not UTF-8 as they are, and journald writes a message that
 * is not printable UTF-8 as an array of its bytes. Of an array of values (a journal field that occurs twice) the first
 * counts; nested objects, null and booleans are left out.
 *
 * @returns undefined when it is not a whole object.
 */
export function parseObject(
  bytes: Uint8Array,
  start: number,
  end: number,
  wanted: ReadonlySet<string>,
): Map<string, string> | undefined {
  return new ObjectParser(bytes, start, end).parse(wanted);
}

/**
 * Every string and number of an object and the objects in it, by its path (`log.file.path`). `mayBeCut`: of an
 * object that the line's end cuts off, what there is.
 */
export function parseAll(
  bytes: Uint8Array,
  start: number,
  end: number,
  mayBeCut = false,
): Map<string, string> | undefined {
  return new ObjectParser(bytes, start, end, mayBeCut).parse(undefined);
}

class ObjectParser {
  readonly #c = new Cursor();
  readonly #mayBeCut: boolean;
  /** Where every field goes, nested ones too; undefined: only those that are wanted count. */
  #all: Map<string, string> | undefined;

  constructor(bytes: Uint8Array, start: number, end: number, mayBeCut = false) {
    this.#mayBeCut = mayBeCut;
    this.#c.reset(bytes, start, end);
  }

  parse(wanted: ReadonlySet<string> | undefined): Map<string, string> | undefined {
    const fields = new Map<string, string>();
    this.#all = wanted === undefined ? fields : undefined;
    if (this.#object(wanted ?? nothing, fields, 0, '')) return fields;
    const isCut = this.#mayBeCut && this.#c.at >= this.#c.end && fields.size > 0;
    return isCut ? fields : undefined;
  }

  #object(
    wanted: ReadonlySet<string>,
    fields: Map<string, string>,
    depth: number,
    path: string,
  ): boolean {
    if (!this.#take(openObject) || depth > deepest) return false;
    if (this.#take(closeObject)) return true;
    do {
      const key = this.#string(true);
      if (key === undefined || !this.#take(0x3a)) return false;
      const kept = this.#all !== undefined || wanted.has(key);
      const name = `${path}${key}`;
      const value = this.#value(kept, depth, name);
      if (value === undefined) return false;
      if (kept && value !== null) (this.#all ?? fields).set(name, value);
    } while (this.#take(comma));
    return this.#take(closeObject);
  }

  /** null: a value that stands for no bytes. A value that is not `kept` is read over: it may be anything. */
  #value(kept: boolean, depth: number, path: string): string | null | undefined {
    skipBlank(this.#c);
    const first = this.#c.peek();
    if (first === quote) return this.#string(kept);
    if (first === openArray) return this.#array(kept, depth + 1, path);
    if (first === openObject) {
      return this.#object(nothing, new Map(), depth + 1, `${path}.`) ? null : undefined;
    }
    return this.#bare();
  }

  #array(kept: boolean, depth: number, path: string): string | null | undefined {
    if (!this.#take(openArray) || depth > deepest) return undefined;
    if (this.#take(closeArray)) return '';
    const codes: number[] = [];
    let first: string | null | undefined;
    do {
      skipBlank(this.#c);
      const byte = this.#c.number(3);
      if (byte >= 0 && byte <= 255) {
        codes.push(byte);
        continue;
      }
      const value = this.#value(kept, depth, path);
      if (value === undefined) return undefined;
      first ??= value;
    } while (this.#take(comma));
    if (!this.#take(closeArray)) return undefined;
    return codes.length > 0 ? latin1(Uint8Array.from(codes), 0, codes.length) : (first ?? null);
  }

  /** A number as it is written; null for true, false and null. */
  #bare(): string | null | undefined {
    const c = this.#c;
    const start = c.at;
    while (c.at < c.end && isBareByte(c.peek())) c.at++;
    if (c.at === start) return undefined;
    const text = latin1(c.bytes, start, c.at);
    return text === 'null' || text === 'true' || text === 'false' ? null : text;
  }

  #string(kept: boolean): string | undefined {
    const c = this.#c;
    if (!this.#take(quote)) return undefined;
    let text = '';
    let copied = c.at;
    while (c.at < c.end) {
      const byte = c.peek();
      if (byte === quote) {
        const last = c.at++;
        return kept ? text + latin1(c.bytes, copied, last) : '';
      }
      if (byte === backslash) {
        const piece = kept ? latin1(c.bytes, copied, c.at) : '';
        c.at++;
        const char = this.#escape();
        if (char === undefined) return undefined;
        text += piece + char;
        copied = c.at;
      } else {
        c.at++;
      }
    }
    return this.#mayBeCut ? text + latin1(c.bytes, copied, c.end) : undefined;
  }

  #escape(): string | undefined {
    const c = this.#c;
    const byte = c.peek();
    c.at++;
    switch (byte) {
      case 0x62:
        return '\b';
      case 0x66:
        return '\f';
      case 0x6e:
        return '\n';
      case 0x72:
        return '\r';
      case 0x74:
        return '\t';
      case 0x75:
        return this.#unicode();
      case quote:
      case backslash:
      case 0x2f:
        return String.fromCharCode(byte);
      default:
        return undefined;
    }
  }

  /** After `\u`; the character's UTF-8 bytes. */
  #unicode(): string | undefined {
    const c = this.#c;
    let unit = this.#hex4();
    if (unit === undefined) return undefined;
    const next = c.at;
    if (unit >= 0xd800 && unit < 0xdc00 && c.literal('\\u')) {
      const low = this.#hex4();
      if (low !== undefined && low >= 0xdc00 && low < 0xe000) {
        unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
      } else {
        c.at = next;
      }
    }
    const utf8 = new TextEncoder().encode(String.fromCodePoint(unit));
    return latin1(utf8, 0, utf8.length);
  }

  #hex4(): number | undefined {
    const c = this.#c;
    const digits = latin1(c.bytes, c.at, Math.min(c.at + 4, c.end));
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) return undefined;
    c.at += 4;
    return Number.parseInt(digits, 16);
  }

  #take(byte: number): boolean {
    skipBlank(this.#c);
    return this.#c.take(byte);
  }
}

function isBareByte(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    byte === 0x2d ||
    byte === 0x2b ||
    byte === 0x2e ||
    byte === 0x45
  );
}

function skipBlank(c: Cursor): void {
  for (;;) {
    const byte = c.peek();
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
    c.at++;
  }
}
