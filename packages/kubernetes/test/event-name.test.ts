import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventName } from '../src/event-name.js';

/** RFC 1123, written out here. */
function isSubdomain(name: string): boolean {
  const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
  return name.length <= 253 && name.split('.').every((part) => label.test(part));
}

const names = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.stringMatching(/^[a-z0-9.-]{0,300}$/),
);

describe('the name of an event', () => {
  test('is one that the API server takes, whatever the node is called', () => {
    fc.assert(
      fc.property(names, fc.string(), (name, key) => {
        expect(isSubdomain(eventName('Node', name, key))).toBe(true);
      }),
    );
  });

  test('begins with the name of the object where it can', () => {
    expect(eventName('Pod', 'web-0', 'k')).toMatch(/^web-0\.[0-9a-f]{16}$/);
    expect(eventName('Node', 'Node_1', 'k')).toMatch(/^node\.[0-9a-f]{16}$/);
    expect(eventName('Pod', 'a'.repeat(240), 'k')).toMatch(/^pod\.[0-9a-f]{16}$/);
  });

  test('is the same for the same kill and another for any other, object or kind', () => {
    const name = eventName('Node', 'n', 'boot:1');
    expect(eventName('Node', 'n', 'boot:1')).toBe(name);
    const others = [
      eventName('Node', 'n', 'boot:2'),
      eventName('Node', 'n', 'boot:1+'),
      eventName('Pod', 'n', 'boot:1'),
      eventName('Node', `N${'o'.repeat(300)}`, 'boot:1'),
      eventName('Node', `M${'o'.repeat(300)}`, 'boot:1'),
    ];
    expect(new Set([name, ...others]).size).toBe(6);
  });
});
