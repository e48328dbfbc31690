import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome } from '@oomwatcher/oom';
import { describe, expect, it } from 'vitest';
import { CapturedLog } from '../src/index.js';
import { expectAnswer, expectKills } from './support/answers.js';

/**
 * Logs as people post them and programs write them, each with its answer, worked out by hand from what the kernel prints.
 * An answer names only the fields that it is about; `note` says why, null that
 * the log does not tell.
 */
const folder = join(import.meta.dirname, 'cases');
const names = globSync('*/*.txt', { cwd: folder }).sort();

interface Answer {
  kills?: Record<string, unknown>[];
  outcomes?: Record<string, unknown>[];
}

const outcomeFields: Record<string, (outcome: Outcome) => unknown> = {
  killer: ({ killer }) => killer,
  pid: ({ process }) => process?.pid,
  name: ({ process }) => process?.name,
  kind: ({ kind }) => kind,
  cgroup: ({ cgroup }) => cgroup,
  usage: ({ memory }) => memory?.usageKiB,
  limitKiB: ({ memory }) => memory?.limitKiB,
};

it('the cases are there', () => expect(names.length).toBeGreaterThanOrEqual(320));

describe.each(names)('%s', (name) => {
  const { kills: right = [], outcomes: rightOutcomes } = JSON.parse(
    readFileSync(join(folder, name.replace(/\.txt$/, '.expect')), 'utf8'),
  ) as Answer;

  it.each([
    ['at once', Number.POSITIVE_INFINITY],
    ['in pieces', 777],
  ])('is understood %s', (_, chunkBytes) => {
    const bytes = readFileSync(join(folder, name));
    const log = new CapturedLog('capture');
    const events = [];
    for (let at = 0; at < bytes.length; at += chunkBytes) {
      events.push(...log.push(bytes.subarray(at, at + chunkBytes)));
    }
    events.push(...log.end());
    const kills = events.flatMap((event) => (event.kind === 'kill' ? [event.kill] : []));
    const outcomes = events.flatMap((event) => (event.kind === 'outcome' ? [event.outcome] : []));
    expectKills(kills, right);
    // A text that only writes of kills says nothing at all.
    if (name.startsWith('quoted/')) expect(events).toEqual([]);
    if (rightOutcomes === undefined) return;
    expect(outcomes).toHaveLength(rightOutcomes.length);
    outcomes.forEach((outcome, i) => {
      expectAnswer(outcome, rightOutcomes[i] ?? {}, outcomeFields);
    });
  });
});
