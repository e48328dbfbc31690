import { expect } from 'vitest';
import type { Agent, Notice } from './agent.ts';

/** An agent that has ended counted all that it reported, whoever else kills on this machine meanwhile. @returns its summary */
export function expectAllCounted(agent: Agent): Notice | undefined {
  const [summary] = agent.notices('summary');
  expect(summary).toMatchObject({
    kills: agent.reported().length,
    lost: agent.notices('loss').reduce((sum, { lost }) => sum + Number(lost), 0),
  });
  return summary;
}

/** And what the kernel counted since `accountBegins`, these kills among it, is accounted for. */
export function expectAccountCloses(agent: Agent, ownKills: number): void {
  const summary = expectAllCounted(agent);
  const kernelKills = Number(summary?.kernelKills);
  expect(kernelKills).toBeGreaterThanOrEqual(ownKills);
  // Kills of others may be counted and not printed, or not read, yet at that moment.
  expect(summary?.unaccounted).toBeLessThanOrEqual(kernelKills - ownKills);
  expect(summary?.unaccounted).toBeGreaterThanOrEqual(0);
}
