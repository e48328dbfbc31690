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
    const { pid: before } = await killOne({ comm: 'before' });
    const { seq: beforeStop } = await agent.until('prints a kill', () => agent.killOf(before));
    agent.signal('SIGSTOP');
    await sleep(100);
    const expectedSeq = newestSeq() + 1;
    overrun(3, expectedSeq);
    const oldestBefore = oldestSeq();
    agent.signal('SIGCONT');
    await agent.until('reports the loss', () => agent.notices('loss')[0]);
    const { pid } = await killOne({ comm: 'overrun' });
    await agent.until('prints the kill', () => agent.killOf(pid));
    const oldestAfter = oldestSeq();
    const losses = agent.notices('loss');

    // What others write until it stands still it may have read or not.
    const fromSeq = Number(losses[0]?.fromSeq);
    expect(fromSeq).toBeGreaterThan(beforeStop as number);
    expect(fromSeq).toBeLessThanOrEqual(expectedSeq);
    const lost = lostIn(losses);
    // Equal unless something else wrote to the log in between.
    expect(lost).toBeGreaterThanOrEqual(oldestBefore - expectedSeq);
    expect(lost).toBeLessThanOrEqual(oldestAfter - fromSeq);
    await agent.stop();
    expectAllCounted(agent);
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

function lostIn(notices: Notice[]): number {
  return notices.reduce((sum, { lost }) => sum + Number(lost), 0);
}
