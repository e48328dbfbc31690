import { removeOomWitness } from '@oomwatcher/kmsg';
import type { WebFlags } from '../../http/add-web.js';
import type { Reporter } from '../../output/reporter.js';
import { standardOutput } from '../../output/standard-output.js';
import { addKubernetes, type KubernetesFlags } from '../../runtime/add-kubernetes.js';
import { Agent, type AgentOptions } from '../../runtime/agent.js';
import { ToldContainers } from '../../runtime/containers/told-containers.js';
import { endSignals } from '../../runtime/end-signals.js';
import type { OtlpOptions } from '../../sinks/otlp/otlp-sink.js';
import { openInTurn } from './open-in-turn.js';

export interface RunOptions extends AgentOptions {
  /** Kills become events of this cluster. */
  kubernetes?: KubernetesFlags;
  /** Kills become log records of this collector. */
  otlp?: Pick<OtlpOptions, 'url' | 'lookbackMs'>;
  /** Whether the witness that an earlier agent left is taken out of the kernel. */
  removesWitness?: boolean;
  /** undefined: no HTTP. */
  web?: WebFlags;
}

/** A kill of a pod that the API server has not reported yet is counted without its name after so long. */
const podNameWaitMs = 30_000;

/** `oomwatcher run`: watches, records and delivers, until a signal or the end of the capture. */
export async function runCommand(
  { web, otlp, removesWitness, ...options }: RunOptions,
  reporter: Reporter,
): Promise<void> {
  if (removesWitness) removeLeftWitness(options.watch.witnessProgram?.pins);
  const ending = new AbortController();
  const end = () => {
    standardOutput.hurry();
    ending.abort();
  };
  for (const signal of endSignals) process.once(signal, end);
  const agent =
    options.watch.capture === undefined
      ? await openInTurn(options, reporter, { web, signal: ending.signal })
      : await Agent.open(options, reporter);
  if (agent === undefined) return;
  ending.signal.addEventListener('abort', agent.stop, { once: true });
  if (ending.signal.aborted) agent.stop();
  standardOutput.onLeftOut((lines) => reporter.notice({ kind: 'unread', lines }));
  process.stdout.once('error', agent.stop);
  try {
    // A captured log may be another machine's.
    if (options.watch.capture === undefined) {
      const containers = new ToldContainers();
      agent.enrichWith((kill) => containers.enrich(kill));
    }
    if (options.kubernetes !== undefined) await addKubernetes(agent, options.kubernetes);
    const nameWaitMs = options.kubernetes === undefined ? 0 : podNameWaitMs;
    if (otlp !== undefined) {
      const { OtlpSink } = await import('../../sinks/otlp/otlp-sink.js');
      const { node, version } = agent.state;
      const report = (sentence: string) =>
        reporter.notice({ kind: 'sink', sink: 'otlp', sentence });
      const sinkOptions = { ...otlp, node, version, nameWaitMs, report };
      agent.addSink('otlp', () => new OtlpSink(agent.journal, sinkOptions));
    }
    if (web !== undefined) {
      (await import('../../http/add-web.js')).addWeb(agent, { ...web, nameWaitMs });
    }
  } catch (error) {
    agent.stop();
    agent.journal.close();
    throw error;
  }
  await agent.run();
}

/** What another agent reads, or root has left to a user who is not, stays: this one works without it. */
function removeLeftWitness(pins: string | undefined): void {
  if (pins === undefined) return;
  try {
    removeOomWitness(pins);
  } catch {
    return;
  }
}
