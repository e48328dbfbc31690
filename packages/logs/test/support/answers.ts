import type { Kill } from '@oomwatcher/oom';
import { expect } from 'vitest';

/** What a case's answer says of one kill or outcome: only what the case is about; null: the log does not tell. */
export type Answer = Record<string, unknown>;

const killFields: Record<string, (kill: Kill) => unknown> = {
  pid: ({ victim }) => victim?.pid,
  name: ({ victim }) => victim?.name,
  uid: ({ victim }) => victim?.uid,
  adj: ({ victim }) => victim?.oomScoreAdj,
  totalVmKiB: ({ victim }) => victim?.totalVmKiB,
  anonRssKiB: ({ victim }) => victim?.anonRssKiB,
  fileRssKiB: ({ victim }) => victim?.fileRssKiB,
  victim: ({ cgroup }) => cgroup?.victim,
  limit: ({ cgroup }) => cgroup?.limit,
  usage: ({ memory }) => memory?.usageKiB,
  limitKiB: ({ memory }) => memory?.limitKiB,
  scope: ({ scope }) => scope,
  trigger: ({ trigger }) => trigger?.name,
  triggerPid: ({ trigger }) => trigger?.pid,
  container: ({ container }) => container?.id,
  podUid: ({ pod }) => pod?.uid,
  complete: ({ complete }) => complete,
  group: ({ group }) => group?.size,
  tasks: ({ tasks }) => tasks?.map(({ pid, rssKiB }) => [pid, rssKiB]),
};

export function expectKills(kills: readonly Kill[], answers: readonly Answer[]): void {
  expect(kills.map(({ victim }) => victim?.pid)).toEqual(answers.map(({ pid }) => pid));
  kills.forEach((kill, i) => {
    expectAnswer(kill, answers[i] ?? {}, killFields);
  });
}

export function expectAnswer<Record_>(
  record: Record_,
  answer: Answer,
  fields: Record<string, (record: Record_) => unknown>,
): void {
  const asked = Object.entries(answer).filter(([name]) => name in fields);
  const said = asked.map(([name]) => [name, fields[name]?.(record) ?? null]);
  expect(Object.fromEntries(said)).toEqual(Object.fromEntries(asked));
}
