import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { expectAllCounted } from './support/account.ts';
import { Agent, type Notice } from './support/agent.ts';
import { floodKernelLog, newestSeq, oldestSeq, readKernelLog } from './support/kernel-log.ts';
import { oomKills } from './support/needs.ts';
import { describeSources } from './support/sources.ts';
import { killOne } from './support/storm.ts';

describeSources('a log that overran its reader three times', [oomKills], (source) => {
  it('is read on, every lost record is counted, and the next kill is reported', async () => {
    await using agent = await Agent.watching(['watch', '--json'], { source });
    await sleep(300); // everything up to here is read
    const beforeStop = newestSeq();
    agent.signal('SIGSTOP');
    await sleep(100);
    const expectedSeq = newestSeq() + 1;
    overrun(3, expectedSeq);
    const oldestBefore = oldestSeq();
    agent.signal('SIGCONT');
    const losses = await agent.until('reports the loss', () => someOf(agent.notices('loss')));
    const oldestAfter = oldestSeq();

    // What others write until it stands still it may have read or not.
    const fromSeq = Number(losses[0]?.fromSeq);
    expect(fromSeq).toBeGreaterThan(beforeStop);
    expect(fromSeq).toBeLessThanOrEqual(expectedSeq);
    const lost = lostIn(losses);
    // Equal unless something else wrote to the log in between.
    expect(lost).toBeGreaterThanOrEqual(oldestBefore - expectedSeq);
    expect(lost).toBeLessThanOrEqual(oldestAfter - fromSeq);

    const { pid } = await killOne({ comm: 'overrun' });
    const kill = await agent.until('prints the kill', () => agent.kills('overrun')[0]);
    expect(kill.victim?.pid).toBe(pid);
    await agent.stop();
    expectAllCounted(agent);
    expect(agent.notices('loss')).toEqual(losses);
  });
});

/** Writes until `times` the ring's content has gone by since the record `sinceSeq`. */
function overrun(times: number, sinceSeq: number): void {
  for (;;) {
    floodKernelLog(1000);
    const records = readKernelLog();
    if ((records[0]?.seq ?? 0) - sinceSeq >= (times - 1) * records.length) return;
  }
}

function someOf(notices: Notice[]): Notice[] | undefined {
  return notices.length > 0 ? notices : undefined;
}

function lostIn(notices: Notice[]): number {
  return notices.reduce((sum, { lost }) => sum + Number(lost), 0);
}
