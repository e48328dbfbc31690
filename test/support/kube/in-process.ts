import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Journal, type Sink, type SinkHealth } from '@oomwatcher/journal';
import { connect, type Timing } from '@oomwatcher/kubernetes';
import type { Kill } from '@oomwatcher/oom';
import { until } from './until.ts';

export interface InProcessOptions {
  nodeName: string;
  kubeconfig: string;
  timing?: Partial<Timing>;
  /** Instead of the node's own. */
  podLogs?: string;
  cgroups?: string;
}

/** The journal and the Kubernetes part of an agent, without the kernel's log: kills are given to it. */
export class InProcessAgent implements AsyncDisposable {
  readonly journal: Journal;
  /** What people were reported. */
  readonly reported: string[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), 'oomwatcher-agent-'));
  readonly #kubernetes: ReturnType<typeof connect>;
  readonly #sink: Sink;

  constructor({ nodeName, kubeconfig, timing = {}, ...node }: InProcessOptions) {
    this.journal = Journal.open(this.#folder);
    this.#kubernetes = connect({
      version: '1.2.3',
      journal: this.journal,
      kubeconfig,
      nodeName,
      nodeEvents: 'system',
      lookbackMs: 3_600_000,
      report: (sentence) => this.reported.push(sentence),
      timing,
      ...node,
    });
    this.#sink = this.#kubernetes.newSink();
    this.#sink.start();
  }

  /** As the recorder does with what the log says. */
  record(kills: readonly Kill[]): void {
    const enriched = kills.map((kill) => this.#kubernetes.enrich(kill));
    this.journal.append({ kills: enriched, cursor: undefined, tallies: {} });
    this.#sink.wake();
  }

  /** The kill as it would be recorded now. */
  enrich(kill: Kill): Kill {
    return this.#kubernetes.enrich(kill);
  }

  get health(): SinkHealth {
    return this.#sink.health();
  }

  /** Until the API server has all. */
  async delivered(timeoutMs = 300_000): Promise<void> {
    await until(
      `lag ${this.health.lag}, reported ${this.reported}`,
      () => this.health.lag === 0,
      timeoutMs,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sink.stop();
    this.journal.close();
    rmSync(this.#folder, { recursive: true });
  }
}

let numbers = 0;

/** A kill now, for the node's lack of memory or by a container's limit. */
export function someKill(more: Partial<Kill> = {}): Kill {
  const seq = ++numbers;
  return {
    schema: 'oomwatcher.kill/v1',
    id: `test-${process.pid}:${seq}`,
    time: new Date().toISOString(),
    seq,
    scope: 'node',
    victim: { pid: 10_000 + seq, name: 'nginx' },
    complete: true,
    ...more,
  };
}

/** A kill in a container. */
export function podKill(uid: string, containerId: string, more: Partial<Kill> = {}): Kill {
  return someKill({
    scope: 'container',
    pod: { uid },
    container: { id: containerId },
    memory: { usageKiB: 16384, limitKiB: 16384 },
    ...more,
  });
}
