import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { CapturedLog } from '@oomwatcher/logs';
import { type Kill, killSchema } from '@oomwatcher/oom';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { bareKill, wholeKill } from '../../oom/test/support/kills.js';

const fixtures = join(import.meta.dirname, '../../oom/test/fixtures');

/** The schema with every object closed: a field that it does not know is a field that nobody wrote down. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const copy = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, closed(value)]),
  );
  return 'properties' in copy ? { ...copy, additionalProperties: false } : copy;
}

const ajv = new Ajv2020({ strict: true, allErrors: true, validateFormats: false });
const isClosedKill = ajv.compile(closed(killSchema) as object);

function faults(kill: unknown): unknown[] {
  return isClosedKill(kill) ? [] : (isClosedKill.errors ?? []);
}

function killsOf(file: string): Kill[] {
  const bytes = readFileSync(file);
  const log = new CapturedLog('capture');
  const events = [...log.push(file.endsWith('.gz') ? gunzipSync(bytes) : bytes), ...log.end()];
  return events.flatMap((event) => (event.kind === 'kill' ? [event.kill] : []));
}

describe('every kill of every capture is as the schema says', () => {
  const files = globSync(['*.kmsg', '*.kmsg.gz'], { cwd: fixtures });

  test('the captures are here', () => expect(files.length).toBeGreaterThan(100));

  test.each(files)('%s', (name) => {
    for (const kill of killsOf(join(fixtures, name))) {
      // As it leaves the program.
      expect(faults(JSON.parse(JSON.stringify(kill))), `${basename(name)} ${kill.id}`).toEqual([]);
    }
  });
});

describe('the schema', () => {
  test('allows the least and the most that a kill may hold', () => {
    expect(faults(bareKill)).toEqual([]);
    expect(faults(wholeKill)).toEqual([]);
  });

  test.each([
    ['an unknown field', { ...wholeKill, victims: [] }],
    ['an unknown field further in', { ...wholeKill, memory: { usageKiB: 1, swapKiB: 1 } }],
    ['another version', { ...wholeKill, schema: 'oomwatcher.kill/v2' }],
    ['a victim without a name', { ...wholeKill, victim: { pid: 1 } }],
    ['a scope that there is not', { ...wholeKill, scope: 'host' }],
    ['no id', { ...wholeKill, id: undefined }],
  ])('finds %s', (_, kill) => {
    expect(faults(JSON.parse(JSON.stringify(kill)))).not.toEqual([]);
  });

  test('lets a reader of today read a kill of tomorrow', () => {
    const isKill = new Ajv2020({ strict: true, validateFormats: false }).compile(killSchema);
    expect(isKill({ ...wholeKill, tomorrow: true })).toBe(true);
  });

  test('gives each field an example that it allows', () => {
    const examplesOf = new Ajv2020({ validateFormats: false });
    const check = (schema: Record<string, unknown>, path: string): void => {
      const { examples, properties, items } = schema as {
        examples?: unknown[];
        properties?: Record<string, Record<string, unknown>>;
        items?: Record<string, unknown>;
      };
      for (const example of examples ?? [])
        expect(examplesOf.validate(schema, example), path).toBe(true);
      if (items !== undefined) check(items, `${path}[]`);
      for (const [name, field] of Object.entries(properties ?? {})) check(field, `${path}.${name}`);
    };
    const { $schema: _, ...rest } = killSchema;
    check(rest, 'kill');
  });
});

/** The type that a schema describes. */
type Described<S> = S extends { const: infer Value }
  ? Value
  : S extends { enum: readonly (infer Value)[] }
    ? Value
    : S extends { type: 'string' }
      ? string
      : S extends { type: 'integer' }
        ? number
        : S extends { type: 'boolean' }
          ? boolean
          : S extends { type: 'array'; items: infer Item }
            ? Described<Item>[]
            : S extends { properties: infer Fields; required: readonly (infer Required)[] }
              ? {
                  -readonly [Name in keyof Fields as Name extends Required
                    ? Name
                    : never]: Described<Fields[Name]>;
                } & {
                  -readonly [Name in keyof Fields as Name extends Required
                    ? never
                    : Name]?: Described<Fields[Name]>;
                }
              : never;

type Flat<T> = T extends readonly (infer Item)[]
  ? Flat<Item>[]
  : T extends object
    ? { [Name in keyof T]: Flat<T[Name]> }
    : T;

type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

test('the schema and the type are the same', () => {
  // Checked by the compiler, with the tests' own lint: a field in one of them only does not compile.
  const same: Same<Flat<Described<typeof killSchema>>, Flat<Kill>> = true;
  expect(same).toBe(true);
});
