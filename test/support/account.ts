import { expect } from 'vitest';
import type { Agent } from './agent.ts';

/**
 * The counts that an agent said at its end, whoever else kills on this machine meanwhile: all that it told is counted, and
 * the kernel's count is accounted for.
 */
export function expectAccountCloses(agent: Agent, ownKills: number): void {
  const [summary] = agent.notices('summary');
  expect(summary).toMatchObject({
    kills: agent.told().length,
    lost: agent.notices('loss').reduce((sum, { lost }) => sum + Number(lost), 0),
  });
  const kernelKills = Number(summary?.kernelKills);
  expect(kernelKills).toBeGreaterThanOrEqual(ownKills);
  // A kill of somebody else may be counted and not printed yet at that moment.
  expect(summary?.unaccounted).toBeLessThanOrEqual(kernelKills === ownKills ? 0 : 1);
  expect(summary?.unaccounted).toBeGreaterThanOrEqual(0);
}
