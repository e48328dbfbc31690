import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Agent } from './support/agent.ts';
import { compileLibrary } from './support/compile.ts';
import { floodKernelLog, readKernelLog } from './support/kernel-log.ts';
import { oomKills } from './support/needs.ts';
import { describeSources } from './support/sources.ts';
import { killOne, runStorm } from './support/storm.ts';

/** At a millisecond a record so many take longer than a second. */
const records = 1300;

describeSources('a reader that takes a millisecond for each record', [oomKills], (source) => {
  it.each([1, 2, 3])('tells no old kill as new, and the first new one (run %i)', async () => {
    floodKernelLog(Math.max(0, records - readKernelLog().length));
    await runStorm({ kills: 3, comm: 'slow-old' });
    const env = { LD_PRELOAD: compileLibrary(join(import.meta.dirname, 'support/slow-read.c')) };
    await using agent = new Agent(['watch', '--json'], { source, env });
    await agent.until('has opened the log', () => agent.notices('source')[0]);
    const { pid } = await killOne({ comm: 'slow-new' });
    const isOver = () => agent.killOf(pid) ?? agent.notices('loss')[0];
    await agent.until('prints the new kill', isOver);
    // Where the log overran it, its line may be lost.
    if (agent.notices('loss').length === 0) expect(agent.kills('slow-new')).toHaveLength(1);
    expect(agent.kills('slow-old')).toEqual([]);
    await agent.stop();
  });
});
