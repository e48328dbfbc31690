import type { Amendment } from '@oomwatcher/oom';
import { expect, test } from 'vitest';
import { plain } from '../../oom/test/support/kills.js';
import { amendmentLine } from '../src/amendment-line.js';

const line = (fields: Amendment['fields'], id = 'b:7') =>
  amendmentLine({ schema: 'oomwatcher.amendment/v1', id, fields }, plain);

test('a kill that turns out to be of a group is corrected by its id, with the place', () => {
  const words = line({ group: { id: 'b:5', size: 3 }, cgroup: { victim: '/a\nkill b:8' } });
  expect(words).toMatch(/^kill b:7 after all: .*3/);
  expect(words, 'a cgroup’s name makes no line of its own').not.toContain('\n');
});

test('a correction of anything else says of what', () => {
  expect(line({ group: null })).toBe('kill b:7 after all: of no group');
  expect(line({ missing: 'cut' })).toBe('kill b:7 after all: missing');
  expect(line({}, 'b\n:7')).not.toContain('\n');
});
