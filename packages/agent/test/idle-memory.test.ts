import { expect, it } from 'vitest';
import { IdleMemory } from '../src/runtime/idle-memory.js';

const MiB = 1024 ** 2;

/** An agent whose memory and clock are set, and how often it was trimmed: to 70 MiB each time. */
function idle() {
  const agent = { residentMiB: 80, nowMs: 0, trims: 0 };
  const { giveBack } = new IdleMemory({
    trim: () => {
      agent.trims++;
      agent.residentMiB = 70;
      return true;
    },
    residentBytes: () => agent.residentMiB * MiB,
    nowMs: () => agent.nowMs,
  });
  return { agent, giveBack };
}

it('what the start took is not held while nothing happens', () => {
  const { agent, giveBack } = idle();
  giveBack();
  expect(agent.trims).toBe(1);
});

it('an agent that holds no more than before is not paused for it', () => {
  const { agent, giveBack } = idle();
  for (; agent.nowMs < 3_600_000; agent.nowMs += 5000) giveBack();
  expect(agent.trims).toBe(1);
});

it('what a storm took is given back after it', () => {
  const { agent, giveBack } = idle();
  giveBack();
  agent.residentMiB = 110;
  agent.nowMs += 10 * 60_000;
  giveBack();
  expect(agent).toMatchObject({ trims: 2, residentMiB: 70 });
});

it('an agent whose page is asked all the time is paused once in five minutes at the most', () => {
  const { agent, giveBack } = idle();
  for (; agent.nowMs < 3_600_000; agent.nowMs += 5000) {
    giveBack();
    agent.residentMiB = 110;
  }
  expect(agent.trims).toBe(12);
});
