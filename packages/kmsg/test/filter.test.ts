import type { KeepFilter, KeepRule } from '@oomwatcher/native';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordFilter } from '../src/filter.js';

const kernel = 6;
const user = 14;

function keeps(filter: KeepFilter, text: string, priority = kernel, flag = '-'): boolean {
  // What the arena held before lies around the text.
  const bytes = Buffer.from(`needle${text}dle needle`, 'latin1');
  const end = 6 + text.length;
  return new RecordFilter(filter).keeps(bytes, 6, end, priority, flag.charCodeAt(0) || 0);
}

const rule = (bytes: string, at: KeepRule['at'], facility: KeepRule['facility']) => ({
  rules: [{ bytes, at, facility }],
  fragments: false,
});

describe('the keep-filter', () => {
  it('no rules at all keep every record', () => {
    expect(keeps({ rules: [], fragments: false }, 'x', user)).toBe(true);
  });

  it('a start rule does not match later in the text', () => {
    expect(keeps(rule('Task in ', 'start', 'kernel'), 'Task in /a')).toBe(true);
    expect(keeps(rule('Task in ', 'start', 'kernel'), 'a Task in /a')).toBe(false);
  });

  it('an anywhere rule matches at both ends and not beyond them', () => {
    expect(keeps(rule('needle', 'anywhere', 'kernel'), 'needle hay')).toBe(true);
    expect(keeps(rule('needle', 'anywhere', 'kernel'), 'hay needle')).toBe(true);
    expect(keeps(rule('needle', 'anywhere', 'kernel'), 'hay nee')).toBe(false);
    expect(keeps(rule('needle', 'anywhere', 'kernel'), 'hay')).toBe(false);
    expect(keeps(rule('needle', 'anywhere', 'kernel'), '')).toBe(false);
  });

  it('a marker that begins twice is found: "aab" in "aaab"', () => {
    expect(keeps(rule('aab', 'anywhere', 'kernel'), 'aaab')).toBe(true);
  });

  it('a record that user space wrote does not pass a kernel rule', () => {
    expect(keeps(rule('Killed process ', 'anywhere', 'kernel'), 'Killed process 1', user)).toBe(
      false,
    );
    expect(keeps(rule('Killed process ', 'anywhere', 'any'), 'Killed process 1', user)).toBe(true);
  });

  it('fragments pass without a marker, but only the kernel’s', () => {
    const filter = { ...rule('x', 'start', 'any'), fragments: true };
    expect(keeps(filter, ',cpuset=/', kernel, 'c')).toBe(true);
    expect(keeps(filter, ',cpuset=/', kernel, '+')).toBe(true);
    expect(keeps(filter, ',cpuset=/', kernel, '-')).toBe(false);
    expect(keeps(filter, ',cpuset=/', kernel, '\0')).toBe(false);
    expect(keeps(filter, ',cpuset=/', user, 'c')).toBe(false);
    expect(keeps({ ...filter, fragments: false }, ',cpuset=/', kernel, 'c')).toBe(false);
  });

  it.each(['', 'caf\u20ac'])(
    'a marker %j that cannot be bytes of a record is refused',
    (marker) => {
      expect(() => new RecordFilter(rule(marker, 'anywhere', 'any'))).toThrow(TypeError);
    },
  );

  it('bytes above 0x7f are compared as bytes', () => {
    expect(keeps(rule('\xff\xe9', 'anywhere', 'any'), 'a\xff\xe9b', user)).toBe(true);
  });

  it('it agrees with a search in strings', () => {
    const text = fc.string({ unit: fc.constantFrom(...'abc'), maxLength: 12 });
    const anyRule = fc.record({
      bytes: fc.string({ unit: fc.constantFrom(...'abc'), minLength: 1, maxLength: 4 }),
      at: fc.constantFrom('start' as const, 'anywhere' as const),
      facility: fc.constantFrom('kernel' as const, 'any' as const),
    });
    fc.assert(
      fc.property(
        fc.array(anyRule, { minLength: 1, maxLength: 5 }),
        text,
        fc.constantFrom(kernel, user),
        (rules, body, priority) => {
          const expected = rules.some(
            ({ bytes, at, facility }) =>
              (facility === 'any' || priority === kernel) &&
              (at === 'start' ? body.startsWith(bytes) : body.includes(bytes)),
          );
          expect(keeps({ rules, fragments: false }, body, priority)).toBe(expected);
        },
      ),
    );
  });
});
