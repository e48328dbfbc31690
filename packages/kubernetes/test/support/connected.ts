import type { Journal, Sink } from '@oomwatcher/journal';
import type { Kill } from '@oomwatcher/oom';
import { onTestFinished } from 'vitest';
import { openJournal, record } from '../../../journal/test/support/journals.js';
import { temporaryFolder } from '../../../kmsg/test/support/temporary.js';
import { bareKill } from '../../../oom/test/support/kills.js';
import { connect, type Kubernetes, type KubernetesOptions } from '../../src/connect.js';
import type { Timing } from '../../src/timing.js';
import type { HttpApi } from './http-api.js';

/** Time made short. */
export const quick: Partial<Timing> = {
  coalesceMs: 5,
  firstPauseMs: 5,
  maxPauseMs: 40,
  parkMs: 60,
  burstRequests: 1e6,
  requestsPerSecond: 1e6,
  requestTimeoutMs: 2_000,
  missPauseMs: 50,
  drainMs: 100,
};

export interface Connected extends Kubernetes {
  sink: Sink;
  journal: Journal;
  reported: string[];
  /** As the recorder does with what the log says. */
  record(kills: readonly Kill[]): void;
}

/** The whole of an agent's Kubernetes part at this server, stopped when the test is over. */
export function connected(
  api: HttpApi,
  { timing, ...more }: Partial<KubernetesOptions> = {},
): Connected {
  const journal = more.journal ?? openJournal();
  const reported: string[] = [];
  const kubernetes = connect({
    journal,
    version: '1',
    kubeconfig: api.kubeconfig(),
    nodeName: api.node.name,
    nodeEvents: 'system',
    lookbackMs: 3_600_000,
    report: (sentence) => reported.push(sentence),
    timing: { ...quick, ...timing },
    // Of no real node.
    podLogs: temporaryFolder(),
    containerLogs: temporaryFolder(),
    cgroups: temporaryFolder(),
    ...more,
  });
  const sink = kubernetes.newSink();
  sink.start();
  onTestFinished(() => sink.stop());
  return {
    ...kubernetes,
    sink,
    journal,
    reported,
    record(kills) {
      record(journal, kills.map(kubernetes.enrich));
      sink.wake();
    },
  };
}

let numbers = 0;

/** Kills now, of the node. */
export function nodeKills(count: number, more: Partial<Kill> = {}): Kill[] {
  return Array.from({ length: count }, () => ({
    ...bareKill,
    id: `b:${++numbers}`,
    time: new Date().toISOString(),
    victim: { pid: numbers, name: 'nginx' },
    scope: 'node' as const,
    ...more,
  }));
}

/** Kills in the container of `apiPod(uid)`. */
export function podKills(count: number, uid: string, more: Partial<Kill> = {}): Kill[] {
  const place = { pod: { uid }, container: { id: `${uid}-app` }, scope: 'container' as const };
  return nodeKills(count, { ...place, ...more });
}

/** @throws when it is not so after `timeoutMs` */
export async function until(
  probe: () => boolean,
  what: () => string = () => String(probe),
  timeoutMs = 300_000,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!probe()) {
    if (performance.now() > deadline) throw new Error(`not after ${timeoutMs} ms: ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
