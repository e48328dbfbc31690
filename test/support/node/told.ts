import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { V1Pod } from '@kubernetes/client-node';
import type { Kill } from '@oomwatcher/oom';
import { recordedKills } from '../journal-of.ts';
import type { ApiServer } from '../kube/api-server.ts';
import { type ApiEvent, eventsOf } from '../kube/objects.ts';
import type { KubeNode } from './kube-node.ts';

/** The series of oomwatcher_oom_kills_total of one container: one for each kind of limit that was hit. */
export interface Series {
  pod: string;
  container: string;
  kills: number;
}

/** What the agent on a node tells, in each of its ways, of kills in pods of namespace default. */
export class Told {
  readonly #server: ApiServer;
  readonly #node: KubeNode;
  /** The pod that is the agent now. */
  agent: V1Pod;

  constructor(server: ApiServer, node: KubeNode, agent: V1Pod) {
    this.#server = server;
    this.#node = node;
    this.agent = agent;
  }

  /** Ours of a pod: kubelet writes others. */
  async events(pod: string): Promise<ApiEvent[]> {
    const all = await eventsOf(this.#server, 'default', { kind: 'Pod', name: pod });
    return all.filter(({ source }) => source.component === 'oomwatcher');
  }

  /** Of pods whose name begins so. */
  history(pod: string): Kill[] {
    const stateDir = join(this.#node.paths.varLib, 'oomwatcher');
    return recordedKills(stateDir, '').filter((kill) => kill.pod?.name?.startsWith(pod));
  }

  /** By pod and container. */
  async series(pod: string): Promise<Series[]> {
    const { body } = await this.get('/metrics');
    const byContainer = new Map<string, Series>();
    for (const line of body.split('\n')) {
      if (!line.startsWith('oomwatcher_oom_kills_total{')) continue;
      const label = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(line)?.[1] ?? '';
      const [name, container] = [label('pod'), label('container')];
      if (!name.startsWith(pod)) continue;
      const kills = Number(/\} (\d+)/.exec(line)?.[1]);
      const known = byContainer.get(`${name} ${container}`)?.kills ?? 0;
      byContainer.set(`${name} ${container}`, { pod: name, container, kills: known + kills });
    }
    return [...byContainer.values()].sort((one, other) =>
      `${one.pod} ${one.container}`.localeCompare(`${other.pod} ${other.container}`),
    );
  }

  /** @throws when the agent does not answer */
  get(path: string): Promise<{ status: number; body: string }> {
    return this.#node.get(`http://${this.agent.status?.podIP}:8420${path}`);
  }

  /** How many children a container's hog has seen killed. */
  childrenKilled(pod: string, container: string): number {
    const logs = globSync(`pods/default_${pod}_*/${container}/*.log`, {
      cwd: this.#node.paths.varLog,
    });
    const text = logs.map((log) => readFileSync(join(this.#node.paths.varLog, log), 'utf8'));
    return text.join('').split(' stdout F killed\n').length - 1;
  }
}
