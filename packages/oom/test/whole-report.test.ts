import { type Kill, type RawReport, wholeReport } from '@oomwatcher/oom';
import { expect, test } from 'vitest';

const kept: Record<string, RawReport> = {
  'b:1': { lines: ['report', 'first kill'], leftOut: { count: 9, after: 1 } },
  'b:2': { lines: ['second kill'] },
};
const read = (id: string) => kept[id];
const kill = (id: string, groupId?: string) =>
  ({ id, ...(groupId !== undefined && { group: { id: groupId, size: 2 } }) }) as Kill;

test('a member of a group is shown with the report that was kept with the first, once', () => {
  expect(wholeReport(kill('b:2', 'b:1'), read)).toEqual({
    lines: ['report', 'first kill', 'second kill'],
    leftOut: { count: 9, after: 1 },
  });
  expect(wholeReport(kill('b:1', 'b:1'), read)).toEqual(kept['b:1']);
});

test('what is not kept of the other is not missed', () => {
  expect(wholeReport(kill('b:2', 'b:0'), read)).toEqual(kept['b:2']);
  expect(wholeReport(kill('b:2'), read)).toEqual(kept['b:2']);
  expect(wholeReport(kill('b:0', 'b:1'), read)).toBeUndefined();
});
