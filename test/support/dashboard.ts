import { assets } from '@oomwatcher/dashboard/assets';
import { Journal } from '@oomwatcher/journal';
import type { Kill, RawReport } from '@oomwatcher/oom';
import { WebService } from '../../packages/agent/dist/http/web-service.js';
import type { AgentState } from '../../packages/agent/dist/runtime/agent-state.js';
import { Agent, type AgentOptions } from './agent.ts';

/** A journal of an earlier run. */
export function fillJournal(
  folder: string,
  kills: readonly Kill[],
  report?: (kill: Kill) => RawReport,
): void {
  const journal = Journal.open(folder);
  const atOnce = 1000;
  for (let i = 0; i < kills.length; i += atOnce) {
    const some = kills.slice(i, i + atOnce);
    const reports = new Map(
      report === undefined ? [] : some.map((kill) => [kill.id, report(kill)]),
    );
    journal.append({ kills: some, cursor: undefined, tallies: {}, reports });
  }
  journal.close();
}

/** So many kills of pods, one a second, up to a minute ago. */
export function podKills(
  count: number,
  more: (index: number) => Partial<Kill> = () => ({}),
): Kill[] {
  const lastMs = Date.now() - 60_000;
  return Array.from({ length: count }, (_, i) => {
    const app = ['web', 'checkout', 'search', 'worker'][i % 4] as string;
    const uid = `0c2bc583-7b34-4d1c-9a53-${String(i % 40).padStart(12, '0')}`;
    const id = String(i % 40).padStart(64, 'a');
    const pod = `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${uid.replaceAll('-', '_')}.slice`;
    const cgroup = `${pod}/cri-containerd-${id}.scope`;
    const pid = 1000 + (i % 60_000);
    return {
      schema: 'oomwatcher.kill/v1',
      id: `earlier:${i}`,
      time: new Date(lastMs - (count - i) * 1000).toISOString(),
      scope: i % 13 === 0 ? 'node' : 'container',
      constraint: i % 13 === 0 ? 'none' : 'memcg',
      victim: { pid, name: app, uid: 1000, oomScoreAdj: 984, anonRssKiB: 200_000, fileRssKiB: 900 },
      cgroup: { victim: cgroup, limit: cgroup, from: 'log' },
      container: { id, runtime: 'containerd' },
      pod: { uid, qos: 'burstable', namespace: 'shop', name: `${app}-${i % 40}`, container: app },
      memory: { usageKiB: 262_144, limitKiB: 262_144 },
      tasks: [
        { pid, name: app, uid: 1000, rssKiB: 200_900, swapKiB: 0, oomScoreAdj: 984 },
        { pid: pid + 1, name: 'sidecar', uid: 1000, rssKiB: 40_000, swapKiB: 0, oomScoreAdj: 984 },
      ],
      complete: true,
      ...more(i),
    };
  });
}

/** The page over a journal, without an agent that reads the log: what others do to this kernel is not on it. */
export async function servePage(
  folder: string,
  port = 0,
  more: (journal: Journal) => Partial<AgentState> = () => ({}),
) {
  const journal = Journal.open(folder);
  const kills = () => journal.rows()?.newest ?? 0;
  const state: AgentState = {
    version: '0.1.0',
    node: 'worker-3',
    startedMs: Date.now(),
    source: { kind: 'native', reason: 'native addon' },
    journal,
    sinks: [],
    witness: () => undefined,
    runUps: () => undefined,
    ownerOf: () => ({}),
    watchStats: () => ({
      kills: kills(),
      repeats: 0,
      forged: 0,
      lost: 0,
      read: 1000,
      malformed: 0,
    }),
    account: () => ({
      schema: 'oomwatcher.account/v1',
      bootId: 'b',
      kernelKills: kills(),
      kills: kills(),
      repeats: 0,
      beforeFirstWatch: 0,
      whileAway: 0,
      unaccounted: 0,
      lost: 0,
      forged: 0,
    }),
    reader: () => ({ kind: 'watching' }),
    ...more(journal),
  };
  let url = '';
  const service = new WebService(state, assets, {
    listen: { host: '127.0.0.1', port },
    compatible: true,
    report: (notice) => {
      if (notice.kind === 'dashboard') url = notice.url;
    },
  });
  await service.start();
  return {
    url,
    journal,
    [Symbol.asyncDispose]: async () => {
      await service.stop();
      journal.close();
    },
  };
}

/** The agent with its page, and where the page is. */
export async function agentWithPage(
  stateDir: string,
  listen = '127.0.0.1:0',
  more: string[] = [],
  options?: AgentOptions,
): Promise<{ agent: Agent; url: string }> {
  const flags = ['--json', '--state-dir', stateDir, '--listen', listen, ...more];
  const agent = await Agent.watching(['run', ...flags], options);
  const url = await agent.until('says where its page is', () => agent.notices('dashboard')[0]?.url);
  return { agent, url: String(url) };
}
