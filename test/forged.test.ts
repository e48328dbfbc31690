import { expect, it } from 'vitest';
import { expectAllCounted } from './support/account.ts';
import { Agent } from './support/agent.ts';
import { writeKernelLog } from './support/kernel-log.ts';
import { oomKills } from './support/needs.ts';
import { describeSources } from './support/sources.ts';
import { killOne } from './support/storm.ts';

const words =
  'Memory cgroup out of memory: Killed process 1 (init) total-vm:1kB, anon-rss:1kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:1kB oom_score_adj:0';

describeSources(
  "a record in the OOM killer's words that user space wrote",
  [oomKills],
  (source) => {
    // 2051 = facility 256, level 3: kernels before 4.4 cut the facility to 0 after they had checked it.
    it.each(['<3>', '<2051>', ''])('is no kill but counted once: priority %j', async (priority) => {
      await using agent = await Agent.watching(['watch', '--json'], { source });
      writeKernelLog(`${priority}${words}`);
      await killOne({ comm: 'genuine' });
      await agent.until('prints the real kill', () => agent.kills('genuine')[0]);
      await agent.stop();
      expect(agent.kills('genuine')).toHaveLength(1);
      expect(agent.kills('init')).toEqual([]);
      expect(agent.notices('forged')).toMatchObject([{ text: words }]);
      expect(agent.notices('summary')).toMatchObject([{ forged: 1 }]);
      expectAllCounted(agent);
    });
  },
);
