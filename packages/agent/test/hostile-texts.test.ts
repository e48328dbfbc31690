import { explain, killLine, outcomeLine } from '@oomwatcher/explain';
import type { Kill, Outcome } from '@oomwatcher/oom';
import { expect, test } from 'vitest';
import {
  hostileName,
  invisible,
  plain,
  wholeKill,
  withHostileTexts,
} from '../../oom/test/support/kills.js';
import { type Notice, noticeSentence } from '../src/output/notice.js';

const hostileKill = withHostileTexts<Kill>(wholeKill);

const wholeOutcome: Outcome = {
  schema: 'oomwatcher.outcome/v1',
  kind: 'panic',
  id: 'b:1',
  seq: 1,
  process: { pid: 7, name: 'sh' },
  cgroup: '/a',
  count: 2,
  killer: 'earlyoom',
  message: 'm',
};

const outcomeKinds = [
  'no-killable-process',
  'panic',
  'already-exiting',
  'reports-suppressed',
  'userspace',
] as const;

const notices: Notice[] = [
  { kind: 'source', source: hostileName, reason: hostileName },
  { kind: 'watching', what: hostileName, fromSeq: 1 },
  { kind: 'loss', lost: 1, fromSeq: 1 },
  { kind: 'forged', seq: 1, text: hostileName },
  { kind: 'priorities', format: 'dmesg' },
  { kind: 'kubernetes', sentence: hostileName },
  {
    kind: 'summary',
    kills: 1,
    forged: 0,
    lost: 0,
    repeats: 0,
    file: hostileName,
    format: 'kmsg',
    withheld: 1,
  },
];

const linesOf = (text: string) => text.split('\n');

test('the hostile name has what it is there for', () => {
  expect(hostileName).toMatch(invisible);
  expect(linesOf(hostileName)).toHaveLength(2);
});

test('a name chosen by whoever was killed begins no line of its own in an explanation', () => {
  const text = explain(hostileKill, plain);
  expect(linesOf(text)).toHaveLength(linesOf(explain(wholeKill, plain)).length);
  for (const line of linesOf(text)) expect(line).not.toMatch(invisible);
  expect(text.match(/a\\x1b\[2J/g)?.length).toBeGreaterThanOrEqual(7);
});

test('a name chosen by whoever was killed stays within the line of its kill', () => {
  for (const kill of [hostileKill, { ...hostileKill, cgroup: {} }]) {
    const text = killLine(kill, plain);
    expect(linesOf(text)).toHaveLength(1);
    expect(text).not.toMatch(invisible);
    expect(text).toContain('a\\x1b[2J');
  }
});

test.each(outcomeKinds)('a name chosen by somebody else stays within the line of %s', (kind) => {
  const text = outcomeLine({ ...withHostileTexts(wholeOutcome), kind }, plain);
  expect(linesOf(text)).toHaveLength(1);
  expect(text).not.toMatch(invisible);
});

test.each(notices)('what somebody else chose stays within the notice $kind', (notice) => {
  const text = noticeSentence(notice);
  expect(linesOf(text)).toHaveLength(1);
  expect(text).not.toMatch(invisible);
});
